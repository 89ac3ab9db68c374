"""The forms of a plan stay as they are: scripts and pull requests read them."""

import json
from datetime import UTC, datetime

import pytest

from pipelines.cli.planning.excerpt import Excerpt
from pipelines.cli.planning.markdown import markdown
from pipelines.cli.planning.text import print_plan
from pipelines.ledger.outcome import Verdict
from pipelines.sync.planning.planned import Calls, Change, Edit, MappingPlan, Plan, Row

EDITED = ("invoices was edited (Status__c) since 4 rows in Salesforce were made. With on_change: from_now they stay "
          "until their record changes; co2sf plan invoices --all says what would change.")  # fmt: skip


def row(number, verdict, *changes, **other):
    fields = tuple(Change(field=field, old=old, new=new) for field, old, new in changes)
    return Row(object="invoice", record_id=number, sobject="Invoice__c", external_id=str(number), verdict=verdict,
               changes=fields, **other)  # fmt: skip


@pytest.fixture
def plan():
    rows = (
        row(7, Verdict.HELD, code="NO_PARENT", field="Account__c", message="Account__c: Account '4' has not landed"),
        row(8, Verdict.UPDATED, ("Status__c", "Unpaid", "Paid"), ("Note__c", None, "a|b\nc")),
        row(9, Verdict.UPDATED, ("Status__c", "Unpaid", None)),
    )
    counts = {"read": 5, "created": 0, "updated": 2, "unchanged": 2, "held": 1, "rejected": 0, "refused": 0,
              "deleted": 0}  # fmt: skip
    edit = Edit(rows=4, parts=("Status__c",), on_change="from_now")
    mapping = MappingPlan(name="invoices", sobject="Invoice__c", object="invoice", fingerprint="f", counts=counts,
                          rows=rows, edit=edit)  # fmt: skip
    return Plan(at=datetime(2026, 3, 1, tzinfo=UTC), chargeover="https://c", org="00D", scope="changed", renewed=(),
                mappings=(mapping,), calls=Calls(chargeover=12, salesforce=3, to_write=1))  # fmt: skip


def test_on_a_terminal(plan, capsys):
    print_plan(Excerpt(plan, 2))

    assert capsys.readouterr().out.splitlines()[2:] == [
        "",
        EDITED,
        "",
        "invoices -> Invoice__c",
        "  changes Status__c in 2 rows, Note__c in 1 row",
        "  invoice:8 -> 8 updated",
        "    Status__c  Unpaid -> Paid",
        "    Note__c    (empty) -> a|b c",
        "  invoice:9 -> 9 updated",
        "    Status__c  Unpaid -> (empty)",
        "  and 1 more; --full shows all",
        "",
        "This plan took 12 ChargeOver and 3 Salesforce calls; to carry it out takes 1 Salesforce calls that write.",
    ]


def test_in_markdown(plan):
    assert markdown(Excerpt(plan, None)).splitlines() == [
        "<!-- co2sf plan -->",
        "### co2sf plan: changes",
        "",
        "| sObject | read | created | updated | unchanged | held | rejected | refused | deleted |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        "| Invoice__c | 5 | 0 | 2 | 2 | 1 | 0 | 0 | 0 |",
        "",
        EDITED.replace("_", "&#95;"),
        "",
        "<details><summary>invoices: changes Status__c in 2 rows, Note__c in 1 row</summary>",
        "",
        "| record | row | verdict | field | old | new |",
        "|---|---|---|---|---|---|",
        "| invoice:8 | 8 | updated | Status&#95;&#95;c | Unpaid | Paid |",
        "|  |  |  | Note&#95;&#95;c | (empty) | a&#124;b c |",
        "| invoice:9 | 9 | updated | Status&#95;&#95;c | Unpaid | (empty) |",
        "| invoice:7 | 7 | held: Account&#95;&#95;c: Account '4' has not landed | Account&#95;&#95;c |  |  |",
        "",
        "</details>",
        "",
        "This plan took 12 ChargeOver and 3 Salesforce calls; to carry it out takes 1 Salesforce calls that write.",
    ]


def test_as_json(plan):
    told = json.loads(json.dumps(Excerpt(plan, 1).data()))
    (mapping,) = told["mappings"]

    assert (told["version"], told["changes"], told["at"]) == (1, True, "2026-03-01T00:00:00Z")
    assert told["calls"] == {"chargeover": 12, "salesforce": 3, "to_write": 1}
    assert (mapping["fields"], mapping["more_rows"]) == ({"Status__c": 2, "Note__c": 1}, 2)
    assert mapping["rows"][0]["changes"][0] == {"field": "Status__c", "old": "Unpaid", "new": "Paid"}


def test_a_comment_is_cut_before_forges_refuse_it(plan):
    (mapping,) = plan.mappings
    rows = tuple(row(number, Verdict.UPDATED, ("Status__c", "Unpaid", "x" * 50)) for number in range(1, 2000))
    long = plan.model_copy(update={"mappings": (mapping.model_copy(update={"rows": rows}),)})

    comment = markdown(Excerpt(long, None))

    assert len(comment) < 65_536
    assert comment.count("<details>") == comment.count("</details>")
    assert comment.endswith("`co2sf plan --full` shows it.")
