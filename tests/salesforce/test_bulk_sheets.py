"""Rows become a CSV file that says the same as their JSON, or are told back."""

import csv
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.salesforce.bulk.sheet import Sheet

KEY = "ChargeOver_Id__c"
TEXTS = st.text(
    st.sampled_from("\",;\n\r\t\u2028\u2029\x85\ufeff' #N/A")
    | st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32)])
)
VALUES = st.none() | st.booleans() | TEXTS
ROWS = st.lists(st.dictionaries(st.sampled_from(["A__c", "B__c", "C__c"]), VALUES))


def file_of(*texts: str) -> str:
    with Sheet(KEY) as sheet:
        assert all(sheet.add(text) for text in texts)
        return sheet.open().read().decode("utf-8")


def test_a_row_with_everything_is_written_as_salesforce_reads_it():
    row = (
        '{"ChargeOver_Id__c":"7","Total__c":12.50,"Name":null,"Memo__c":"","Is_Free__c":true,'
        '"Account__r":{"ChargeOver_Id__c":"3"},"Sub__c":null,"Text__c":"Zoë said \\"no\\",\\nthen left "}'
    )

    assert file_of(row) == (
        "ChargeOver_Id__c,Total__c,Name,Memo__c,Is_Free__c,Account__r.ChargeOver_Id__c,Sub__c,Text__c\n"
        '7,12.50,#N/A,#N/A,true,3,#N/A,"Zoë said ""no"",\nthen left "\n'
    )


def test_what_a_row_does_not_name_stays_empty_whichever_row_comes_first():
    first, second = f'{{"{KEY}":"1","Account__c":null}}', f'{{"Account__r":{{"{KEY}":"3"}},"{KEY}":"2"}}'

    assert file_of(first, second) == f"{KEY},Account__c,Account__r.{KEY}\n1,#N/A,\n2,,3\n"
    assert file_of(second, first) == f"{KEY},Account__r.{KEY},Account__c\n2,3,\n1,,#N/A\n"


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.integers())
def test_numbers_are_written_as_they_are_spelled(number):
    assert file_of(f'{{"{KEY}":"1","Total__c":{number}}}').splitlines()[1] == f"1,{number}"


@given(ROWS)
def test_the_file_holds_each_value_and_has_the_size_that_was_told(rows):
    with Sheet(KEY) as sheet:
        sent = [row for n, row in enumerate(rows) if sheet.add(json.dumps({KEY: str(n), **row}))]
        content = sheet.open().read()
        assert sheet.size_bytes == len(content)
        assert len(sheet) == len(sent)
        columns = sheet.columns

    found = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    assert [{name: row[name] for name in columns[1:]} for row in found] == [
        {name: said(row[name]) if name in row else "" for name in columns[1:]} for row in sent
    ]


def said(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value else "#N/A"


@pytest.mark.parametrize(
    "value",
    [
        '"#N/A"',
        '"a\\u0000b"',
        '"\\u001b"',
        '"\\ud800"',
        "NaN",
        "-Infinity",
        '["a"]',
        '{"ChargeOver_Id__c":null}',
        '{"A__c":"1","B__c":"2"}',
        "{}",
        '{"A__c":{"B__c":"2"}}',
        '"' + "x" * 131_073 + '"',
        '"' + "é" * 65_537 + '"',
    ],
    ids=lambda value: value[:30],
)
def test_what_csv_cannot_carry_is_told_back_and_leaves_nothing_behind(value):
    with Sheet(KEY) as sheet:
        assert not sheet.add(f'{{"{KEY}":"1","Memo__c":{value}}}')
        assert (len(sheet), sheet.columns) == (0, [KEY])


def test_a_row_that_is_too_long_is_told_back_though_each_value_fits():
    long = {KEY: "1", **{f"F{n}__c": "x" * 100_000 for n in range(4)}}

    with Sheet(KEY) as sheet:
        assert not sheet.add(json.dumps(long))
        assert sheet.add(json.dumps({**long, "F0__c": "x" * 90_000}))


@pytest.mark.parametrize("key", ["null", '""', '{"A__c":"1"}'])
def test_a_row_without_its_external_id_is_told_back(key):
    with Sheet(KEY) as sheet:
        assert not sheet.add(f'{{"{KEY}":{key},"Name":"A"}}')
        assert not sheet.add('{"Name":"A"}')


def test_a_second_row_with_the_same_external_id_is_told_back():
    with Sheet(KEY) as sheet:
        assert sheet.add(f'{{"{KEY}":"1","Name":"A"}}')
        assert not sheet.add(f'{{"{KEY}":"1","Name":"B"}}')
        assert sheet.open().read() == f"{KEY},Name\n1,A\n".encode()


def test_a_sheet_is_full_by_the_size_of_its_file():
    with Sheet(KEY, full_bytes=100) as sheet:
        numbers = 0
        while not sheet.is_full:
            assert sheet.add(f'{{"{KEY}":"{numbers}","Name":"A"}}')
            numbers += 1
        assert 100 <= len(sheet.open().read()) < 104


def test_a_sheet_is_read_as_often_as_it_is_opened_and_then_takes_no_more(tmp_path):
    with Sheet(KEY, tmp_path / "accounts.csv") as sheet:
        sheet.add(f'{{"{KEY}":"1"}}')
        assert sheet.open().read() == sheet.open().read()
        with pytest.raises(ValueError, match="takes no more rows"):
            sheet.add(f'{{"{KEY}":"2"}}')

    assert (tmp_path / "accounts.csv").read_text() == f"{KEY}\n1\n"


def test_ten_megabytes_of_rows_need_one_of_memory():
    tracemalloc.start()
    with Sheet(KEY) as sheet:
        for n in range(2_000):
            sheet.add(f'{{"{KEY}":"{n}","Memo__c":"{"x" * 5000}"}}')
        file = sheet.open()
        assert sum(len(line) for line in file) > 10_000_000
        peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak_bytes < 1_000_000
