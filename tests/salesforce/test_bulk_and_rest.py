"""The same rows leave the same behind, whether they travel one by one in calls or in the file of a job."""

import itertools
import json
import time
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines.salesforce.batch import Collection, Request
from pipelines.salesforce.bulk.sheet import Sheet
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience
from sandbox.salesforce import Org as SandboxOrg
from sandbox.salesforce import app
from sandbox.serving import serve

pytestmark = pytest.mark.slow

KEY = "ChargeOver_Id__c"
INVOICE = "ChargeOver_Invoice__c"
SCHEMA = Path(__file__).parents[2] / "schema" / "force-app"
NUMBERS = itertools.count(1)

TEXTS = st.text(st.sampled_from("\",;\n\r\t\u2028\u2029\x85\ufeff' #N/Aé😀") | st.characters(exclude_categories=["Cs"]))
CENTS = st.integers(-(10**12), 10**12).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
QUOTED_TEXTS = TEXTS.map(lambda text: json.dumps(text, ensure_ascii=False))
ACCOUNT = ("Account__r", f'{{"{KEY}":"1"}}')
PARENTS = st.sampled_from(["1", "2", "99"]).map(lambda key: f'{{"{KEY}":"{key}"}}')
MOMENTS = (datetime(1700, 1, 1), datetime(4000, 1, 1))  # noqa: DTZ001 - Hypothesis adds no zone to naive limits
FIELDS = {
    "Name": QUOTED_TEXTS,
    "Memo__c": QUOTED_TEXTS | st.sampled_from(['"#N/A"', '""', '"  "']),
    "Total__c": CENTS,
    "Declined_Payments__c": st.integers(0, 10**9).map(str),
    "Invoice_Date__c": st.dates(date(1700, 1, 1), date(4000, 12, 31)).map(lambda day: f'"{day}"'),
    "Voided_At__c": st.datetimes(*MOMENTS).map(lambda at: f'"{at.isoformat()[:19]}Z"'),
    "Status__c": st.sampled_from(['"Paid"', '"Void"', '"Sleeping"']),
}
ROWS = st.fixed_dictionaries(
    {},
    optional={
        **{name: values | st.just("null") for name, values in FIELDS.items()},
        "parent": PARENTS.map(lambda key: ("Account__r", key)) | st.just(("Account__c", "null")),
    },
)


@pytest.fixture(scope="module")
def both():
    """One sandboxed org for all examples, and our way into it."""
    sandboxed = SandboxOrg.from_metadata(SCHEMA)
    with serve(app(sandboxed)) as running:
        credentials = ClientCredentials(running.url, "sandbox-client-id", "sandbox-client-secret")
        with Org(credentials, patience=Patience(sleep=lambda _: time.sleep(0.002))) as org:
            accounts = [f'{{"{KEY}":"{n}","Name":"A{n}"}}' for n in (1, 2)]
            org.upsert(Request([Collection("Account", KEY, accounts)]))
            yield sandboxed, org


def text_of(key: str, row: dict[str, object]) -> str:
    given = [value if name == "parent" else (name, value) for name, value in row.items()]
    return "{" + ",".join([f'"{KEY}":"{key}"', *(f'"{name}":{value}' for name, value in given)]) + "}"


def by_rest(org, texts):
    return org.upsert(Request([Collection(INVOICE, KEY, texts)]))[0]


def by_bulk(org, texts):
    """What a sheet tells back goes by REST."""
    job_id = org.jobs.open(INVOICE, KEY)
    with Sheet(KEY) as sheet:
        told_back = [text for text in texts if not sheet.add(text)]
        org.jobs.upload(job_id, sheet)
    org.jobs.close(job_id)
    assert org.jobs.wait_for(job_id).state == "JobComplete"
    replies = dict(org.jobs.results(job_id, KEY))
    if told_back:
        replies |= dict(zip(keys(told_back), by_rest(org, told_back), strict=True))
    return [replies[key] for key in keys(texts)]


def keys(texts):
    return [json.loads(text)[KEY] for text in texts]


def landed(sandboxed, prefix):
    """What the org holds, without what it gives each row by itself."""
    own = {"Id", KEY, "CreatedDate", "LastModifiedDate", "SystemModstamp"}
    found = {}
    for row in sandboxed.tables[INVOICE].rows.values():
        if row[KEY].startswith(prefix):
            name = None if str(row.get("Name")) in row["Id"] else row.get("Name")
            found[row[KEY][len(prefix) :]] = {key: row.get(key) for key in row if key not in own} | {"Name": name}
    return found


# shrinking would take minutes: each example is a dozen calls
@settings(max_examples=40, phases=[Phase.generate])
@given(st.lists(st.tuples(ROWS, ROWS), min_size=1, max_size=8))
def test_rows_land_over_bulk_as_they_land_over_rest(both, pairs):
    sandboxed, org = both
    number = next(NUMBERS)
    for turn in (0, 1):
        rows = [pair[turn] for pair in pairs]
        rest = by_rest(org, [text_of(f"r{number}-{n}", row) for n, row in enumerate(rows)])
        bulk = by_bulk(org, [text_of(f"b{number}-{n}", row) for n, row in enumerate(rows)])

        # of a row with several faults, which is told first goes by the order of its columns
        assert [(one.success, one.created) for one in bulk] == [(one.success, one.created) for one in rest]
        assert landed(sandboxed, f"b{number}-") == landed(sandboxed, f"r{number}-")


def test_null_clears_and_absent_leaves_over_either_way(both):
    sandboxed, org = both
    full = {"Name": '"N"', "Memo__c": '"M"', "Total__c": "12.50", "Status__c": '"Paid"', "parent": ACCOUNT}
    emptied = {"Memo__c": "null", "Total__c": "null", "Status__c": "null", "parent": ("Account__c", "null")}

    for way, prefix in ((by_rest, "clear-r"), (by_bulk, "clear-b")):
        way(org, [text_of(f"{prefix}{n}", full) for n in range(3)])
        way(
            org, [text_of(f"{prefix}0", emptied), text_of(f"{prefix}1", {"Memo__c": "null"}), text_of(f"{prefix}2", {})]
        )

    fields = ("Name", "Memo__c", "Total__c", "Status__c", "Account__c")
    after = {key: [row.get(name) for name in fields] for key, row in landed(sandboxed, "clear-b").items()}
    parent = sandboxed.tables["Account"].find(KEY, "1")[0]
    assert after == {
        "0": ["N", None, None, None, None],
        "1": ["N", None, 12.5, "Paid", parent],
        "2": ["N", "M", 12.5, "Paid", parent],
    }
    assert landed(sandboxed, "clear-b") == landed(sandboxed, "clear-r")
