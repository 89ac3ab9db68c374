"""What an ingest job's file must look like: faults of it are found late, and fail the whole job."""

import pytest
from salesforce_jobs import JobDesk


@pytest.fixture
def jobs(salesforce, org):
    with JobDesk(salesforce, org) as jobs:
        yield jobs


def names(salesforce):
    return salesforce.names("SELECT Name FROM Account ORDER BY Name")


def test_quotes_newlines_and_delimiters_inside_quotes_are_kept(jobs, salesforce):
    story = 'He said "no",\nthen\r\nleft '
    quoted = story.replace('"', '""')
    jobs.run(f'Ext__c,Name,Description\n"1","A, B","{quoted}"\n2,,\n')
    (found,) = salesforce.query("SELECT Name, Description FROM Account")["records"]
    assert (found["Name"], found["Description"]) == ("A, B", story)


def test_results_carry_the_values_as_they_were_sent(jobs):
    job = jobs.run('Ext__c,Name,Description\n"1","A ""B""","x\ny"\n2,,"#N/A"\n')["id"]
    (good,) = jobs.rows(job, "successfulResults")
    assert (good["Name"], good["Description"]) == ('A "B"', "x\ny")
    (bad,) = jobs.rows(job, "failedResults")
    assert (bad["Name"], bad["Description"]) == ("", "#N/A")


@pytest.mark.parametrize(
    ("delimiter", "char"),
    [("COMMA", ","), ("TAB", "\t"), ("SEMICOLON", ";"), ("PIPE", "|"), ("CARET", "^"), ("BACKQUOTE", "`")],
)
def test_each_delimiter_splits_and_the_others_do_not(jobs, salesforce, delimiter, char):
    name = ",\t;|^`".replace(char, "")
    text = f'Ext__c{char}Name\n1{char}a{name}\n"2"{char}"b{char}"\n'
    jobs.run(text, columnDelimiter=delimiter)
    assert names(salesforce) == [f"a{name}", f"b{char}"]


@pytest.mark.parametrize(("ending", "setting"), [("\n", "LF"), ("\r\n", "CRLF")])
def test_the_last_line_may_end_or_not(jobs, salesforce, ending, setting):
    for key, end in (("1", ""), ("2", ending)):
        jobs.run(f"Ext__c,Name{ending}{key},A{key}{end}", lineEnding=setting)
    assert names(salesforce) == ["A1", "A2"]


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("Ext__c,Name\r\n1,A\r\n", "LF"),
        ("Ext__c,Name\n1,A\r\n2,B\n", "LF"),
        ("Ext__c,Name\n1,A\rB\n", "LF"),
        ('Ext__c,Name\n1,"A"\r\n', "LF"),
        ("Ext__c,Name\n1,A\n", "CRLF"),
        ("Ext__c,Name\r\n1,A\n2,B\r\n", "CRLF"),
        ("Ext__c,Name\r\n1,A\rB\r\n", "CRLF"),
        ('Ext__c,Name\r\n1,"A"\n', "CRLF"),
    ],
)
def test_line_ends_must_be_those_of_the_job(jobs, text, setting):
    message = f"ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {setting}"
    assert jobs.failure(text, lineEnding=setting) == message


@pytest.mark.parametrize("cell", [' "A"', '"A" ', 'A"B', '"A"B', '"A', '"A""', 'A""'])
def test_a_quote_in_the_wrong_place_fails_the_job(jobs, cell):
    found = "Found unescaped quote. A value with quote should be within a quote"
    assert jobs.failure(f"Ext__c,Name\n1,{cell}\n") == f"InvalidBatch : Failed to parse CSV. {found}"


def test_nothing_is_trimmed(jobs, salesforce):
    jobs.run("Ext__c,Name,Twin__c\n1,A, x \n")
    assert salesforce.query("SELECT Twin__c FROM Account")["records"][0]["Twin__c"] == " x "
    assert jobs.failure("Ext__c, Name\n1,A\n") == "InvalidBatch : Field name not found :  Name"


def test_a_byte_order_mark_belongs_to_the_first_name(jobs):
    assert jobs.failure("\ufeffExt__c,Name\n1,A\n") == "InvalidBatch : Field name not found : \ufeffExt__c"


def test_what_is_not_utf_8_fails_the_job(jobs):
    assert jobs.failure("Ext__c,Name\n1,Ä\n".encode("latin-1")).startswith("InvalidBatch : Failed to parse CSV")


@pytest.mark.parametrize("text", ["", "Ext__c,Name\n1\n", "Ext__c,Name\n1,A,B\n", "Ext__c,Name\n1,A\n\n2,B\n"])
def test_an_empty_file_and_rows_of_another_length_fail_the_job(jobs, salesforce, text):
    assert jobs.failure(text).startswith("InvalidBatch : ")
    assert names(salesforce) == []


def test_a_header_alone_is_a_job_without_rows(jobs):
    info = jobs.run("Ext__c,Name\n")
    assert (info["state"], info["numberRecordsProcessed"]) == ("JobComplete", 0)
    assert jobs.text(info["id"], "failedResults") == '"sf__Id","sf__Error","Ext__c","Name"\n'


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("Ext__c,Foo__c,Bar__c", "Field name not found : Foo__c"),
        ("Ext__c,Hidden__c,Name", "Field name not found : Hidden__c"),
        ("Ext__c,name,Phone", "Field name not found : name"),
        ("Ext__c,BillingAddress,Name", "Field name not found : BillingAddress"),
        ("Ext__c,Name,", "Field name not found : "),
        ("Ext__c,Partner.Ext__c,Name", "Unable to find relationship: Partner"),
        ("Ext__c,Parent.Foo__c,Name", "Field name not found : Parent.Foo__c"),
        ("Ext__c,Parent.Phone,Name", "Field name not found : Parent.Phone"),
        ("Ext__c,Account:Parent.Ext__c,Name", "type is not needed for non polymorphic foreign key references: Parent"),
        ("Ext__c,Account:Partner.Ext__c,Name", "Unable to find relationship: Partner"),
        ("Ext__c,Name,Name", "Field name found more than once : Name"),
    ],
)
def test_the_first_wrong_column_fails_the_job_before_any_row(jobs, salesforce, header, message):
    assert jobs.failure(f"{header}\n1,a,b\n") == f"InvalidBatch : {message}"
    assert names(salesforce) == []


def test_a_failed_header_leaves_all_rows_unprocessed(jobs):
    job = jobs.run("Ext__c,Nam\n1,A\n2,B\n")["id"]
    assert {row["Ext__c"] for row in jobs.rows(job, "unprocessedrecords")} == {"1", "2"}
    assert jobs.rows(job, "successfulResults") == jobs.rows(job, "failedResults") == []


def test_of_a_file_that_cannot_be_read_there_are_no_results(jobs):
    job = jobs.run('Ext__c,Name\n1,A"\n')["id"]
    assert jobs.text(job, "unprocessedrecords") == ""


@pytest.mark.parametrize("operation", ["delete"])
def test_a_delete_takes_nothing_but_ids(jobs, operation):
    assert jobs.failure("Id,Name\n1,A\n", operation).startswith("InvalidBatch : Only Id")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Ext__c,Name,Description\n1,A," + "x" * 131_072 + "\n", True),
        ("Ext__c,Name,Description\n1,A," + "x" * 131_073 + "\n", False),
        ("Ext__c,Name,Description,Phone,Fax,Website\n1" + ("," + "x" * 79_000) * 5 + "\n", True),
        ("Ext__c,Name,Description,Phone,Fax,Website\n1" + ("," + "x" * 80_000) * 5 + "\n", False),
        ("N" * 31_999 + "\n1\n", True),
        ("N" * 32_001 + "\n1\n", False),
        ("N," * 4999 + "N\n", True),
        ("N," * 5000 + "N\n", False),
    ],
)
def test_files_have_limits_for_fields_rows_and_headers(jobs, text, fits):
    info = jobs.run(text)
    too_large = "is larger than allowed" in info.get("errorMessage", "")
    assert too_large is not fits
