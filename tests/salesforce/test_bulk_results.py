"""The CSV files that tell what became of rows are read whatever their values hold."""

import contextlib
import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import TryLater
from pipelines.salesforce.bulk.job import JobState, coded, spelled, state_of
from pipelines.salesforce.bulk.results import failure_of, rows_in, success_of
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.replies import Reply

KEY = "Ext__c"
VALUES = st.text(st.sampled_from('",\n\r\u2028\x85 --:;') | st.characters(exclude_categories=["Cs"]))
NAMES = st.from_regex(r"[A-Z][a-z]{0,3}__c", fullmatch=True)


def printed(rows: list[list[str]]) -> bytes:
    """Rows as Salesforce prints them: every value in quotes (recorded)."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def read(content: bytes) -> list[tuple[str, dict[str, str]]]:
    return list(rows_in(io.BytesIO(content), KEY))


@given(st.lists(st.tuples(VALUES, VALUES)))
def test_values_come_back_as_they_were_written(rows):
    found = read(printed([["sf__Id", KEY, "Name"], *(["001", *row] for row in rows)]))

    assert [(key, row["Name"]) for key, row in found] == rows


@given(st.lists(st.tuples(VALUES, VALUES), max_size=3), st.data())
def test_a_file_that_was_cut_never_tells_of_an_external_id_that_was_not_there(rows, data):
    whole = printed([[KEY, "Name"], *map(list, rows)])
    part = whole[: data.draw(st.integers(0, len(whole)))]

    with contextlib.suppress(TryLater):
        found = [key for key, _ in read(part)]
        assert found == [key for key, _ in rows[: len(found)]]


def test_an_external_id_that_was_cut_is_not_taken_for_another():
    assert read(b'"Ext__c"\n"12"\n') == [("12", {KEY: "12"})]
    with pytest.raises(TryLater, match="results are not whole"):
        read(b'"Ext__c"\n"1')


def test_a_file_without_the_external_id_is_no_result():
    with pytest.raises(TryLater, match="no column 'Ext__c'"):
        read(b"<html>\n")
    assert read(b"") == []


def test_values_of_the_longest_kind_are_read():
    long = "x" * 400_000

    assert read(printed([[KEY, "sf__Error"], ["1", long]]))[0][1]["sf__Error"] == long


def test_a_long_file_is_read_row_by_row():
    content = printed([[KEY, "Name"], *([str(n), "x" * 1000] for n in range(10_000))])
    tracemalloc.start()
    assert sum(1 for _ in rows_in(io.BytesIO(content), KEY)) == 10_000
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak_bytes < 1_000_000


LOCKED = "UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 200 records: 001,002:--"
LATE = (
    "INVALID_FIELD:Failed to deserialize field at col 4. Due to, '6/15/19' is not a valid value for the type "
    "xsd:date:Trip_End_Date__c --"
)
TRIGGER = "T: execution of AfterUpdate\n\ncaused by: System.DmlException: UNABLE_TO_LOCK_ROW, unable to obtain: []"


@pytest.mark.parametrize(
    ("text", "code", "message", "fields", "kind"),
    [
        ("REQUIRED_FIELD_MISSING:Required fields are missing: [X, Y]:X Y --", "REQUIRED_FIELD_MISSING",
         "Required fields are missing: [X, Y]", ("X", "Y"), Kind.REFUSE),
        (LOCKED, "UNABLE_TO_LOCK_ROW",
         "unable to obtain exclusive access to this record or 200 records: 001,002", (), Kind.RETRY),
        (LATE, "INVALID_FIELD", LATE[14:-20], ("Trip_End_Date__c",), Kind.REFUSE),
        ("INVALID_FIELD:Foreign key external ID: 0116 not found for field E__c in entity A:--", "INVALID_FIELD",
         "Foreign key external ID: 0116 not found for field E__c in entity A", (), Kind.HOLD),
        (f"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:{TRIGGER}:--", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", TRIGGER, (),
         Kind.RETRY),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION:Total: ask Bob -- or: Ann:Total__c --", "FIELD_CUSTOM_VALIDATION_EXCEPTION",
         "Total: ask Bob -- or: Ann", ("Total__c",), Kind.REFUSE),
        ("STRING_TOO_LONG:Name: too large:Name --;INVALID_EMAIL_ADDRESS:Email: x:Email --", "STRING_TOO_LONG",
         "Name: too large", ("Name",), Kind.REFUSE),
        ("DUPLICATE_VALUE:an end that is new", "DUPLICATE_VALUE", "an end that is new", (), Kind.REFUSE),
        ("Something else: entirely", "UNKNOWN", "Something else: entirely", (), Kind.REFUSE),
        ("", "UNKNOWN", "", (), Kind.REFUSE),
    ],
)  # fmt: skip
def test_the_error_of_a_row_is_taken_apart_and_meets_the_table(text, code, message, fields, kind):
    reply = failure_of({"sf__Error": text})

    assert reply == Reply(success=False, code=code, message=message, fields=fields)
    assert reply.handling.kind is kind


@given(VALUES.filter(lambda text: "--" not in text), st.lists(NAMES))
def test_a_message_may_hold_whatever_an_administrator_writes(message, fields):
    text = f"FIELD_CUSTOM_VALIDATION_EXCEPTION:{message}:{''.join(f'{name} ' for name in fields)}--"

    reply = failure_of({"sf__Error": text})

    assert (reply.message, reply.fields) == (message, tuple(fields))


def test_a_row_that_landed_says_whether_it_was_created():
    assert success_of({"sf__Id": "001", "sf__Created": "true"}) == Reply(success=True, created=True, id="001")
    assert success_of({"sf__Id": "001", "sf__Created": "false"}) == Reply(success=True, created=False, id="001")


@pytest.mark.parametrize(
    ("message", "code", "kind"),
    [
        ("InvalidBatch : Field name not found : Foo__c", "InvalidBatch", Kind.SOBJECT_STOP),
        ("TooManyLockFailure : Too many lock failures\nin a row", "TooManyLockFailure", Kind.RETRY),
        ("ExceededQuota : none left", "ExceededQuota", Kind.STOP),
        ("NewCode : never seen", "Unknown", Kind.RETRY),
        ("", "Unknown", Kind.RETRY),
    ],
)
def test_a_failed_job_says_why_and_a_reason_that_nobody_knows_is_tried_again(message, code, kind):
    job = JobState("750", "Failed", message=message)

    assert (job.fault.code, job.handling.kind) == (code, kind)


def test_only_a_job_that_failed_or_was_aborted_has_a_fault():
    assert [JobState("750", state).fault for state in ("Open", "UploadComplete", "InProgress", "JobComplete")] == [
        None
    ] * 4
    assert JobState("750", "JobComplete").handling is None
    assert JobState("750", "Aborted").handling.kind is Kind.STOP


def test_calls_spell_the_codes_of_jobs_in_capitals():
    refused = Reply(success=False, code="INVALIDJOB", message="InvalidJob : no")
    other = Reply(success=False, code="UNKNOWN_EXCEPTION", message="InvalidJob : no")

    assert spelled(refused) == coded("InvalidJob : no")
    assert spelled(other) == other


@pytest.mark.parametrize("answer", [None, [], {}, {"id": "750"}, "text"])
def test_an_answer_that_is_no_job_is_to_be_tried_later(answer):
    with pytest.raises(TryLater, match="no id and state"):
        state_of(answer)
