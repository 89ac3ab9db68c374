"""co2sf schema: an org is compared with the mappings, the metadata is written, and deployed over HTTP."""

import json
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import requests

import sandbox.salesforce
from sandbox.serving import serve

ROOT = Path(__file__).parent.parent.parent
INVOICE = "ChargeOver_Invoice__c"
FIELDS = f"force-app/main/default/objects/{INVOICE}/fields"


@pytest.fixture
def org(request):
    """An org with the recommended schema, or one as Salesforce delivers it."""
    empty = getattr(request, "param", "") == "empty"
    return sandbox.salesforce.Org.from_metadata(None if empty else ROOT / "schema")


@pytest.fixture
def admin(org, shelf, tmp_path, monkeypatch):
    """The admin path of the org that the settings name; ChargeOver is not needed."""
    with serve(sandbox.salesforce.app(org, admin=True)) as served:
        monkeypatch.setenv("SALESFORCE_URL", served.url)
        monkeypatch.setenv("SALESFORCE_CLIENT_ID", "sandbox-client-id")
        monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "sandbox-client-secret")
        monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
        yield lambda path, body: requests.post(f"{served.url}/_admin/{path}", json=body, timeout=30).raise_for_status()


@pytest.fixture
def schema(tmp_path):
    """A folder for generated metadata."""
    return tmp_path / "made"


in_an_empty_org = pytest.mark.parametrize("org", ["empty"], indirect=True)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@in_an_empty_org
def test_an_empty_org_gets_all_that_the_mappings_need(co2sf, admin, org, schema):
    before = co2sf("schema", "diff")
    assert before.code == 1
    assert re.search(rf"^{INVOICE} +an object with 30 fields +nothing +by schema generate$", before.out, re.MULTILINE)

    assert co2sf("schema", "generate", "-o", schema).code == 0
    checked = co2sf("schema", "deploy", schema, "--check-only")
    assert checked.code == 0
    assert "192 fields, 10 objects, 1 permission set for org 00D5g0000000001" in checked.out
    assert "203 new, 0 changed, 0 as they were" in checked.out
    assert INVOICE not in org.tables

    deployed = co2sf("schema", "deploy", schema, "--yes")
    assert deployed.code == 0
    hidden = co2sf("schema", "diff")
    assert "co2sf schema deploy --assign" in hidden.err  # without the permission set all of it stays hidden

    assert "ChargeOver_Sync is assigned" in co2sf("schema", "deploy", schema, "--yes", "--assign").out
    after = co2sf("schema", "diff")
    assert (after.code, after.out) == (0, "The org has all that the mappings need.\n")


DRIFTS = {
    "Due_Date__c": {"visible": False},
    "Memo__c": {"facts": {"length": 500}},
    "Currency_Code__c": {"facts": {"length": 2, "label": "Ccy"}},
    "Total__c": {"facts": {"precision": 10, "scale": 0}},
    "Status__c": {"facts": {"values": ["Ours", "Paid", "Void"]}},
    "Pay_Cycle__c": {"facts": {"restricted": True}},
    "ChargeOver_Id__c": {"facts": {"unique": False}},
    "Terms__c": {"facts": {"createable": False, "updateable": False}},
    "Link__c": {"facts": {"type": "date"}},
}


def drift(admin):
    admin("schema", [{"sobject": INVOICE, "field": name, **change} for name, change in DRIFTS.items()])


def test_a_drifted_org_is_named_field_by_field_and_mended(co2sf, admin, schema):
    drift(admin)

    told = co2sf("schema", "diff", "--json")
    assert told.code == 1
    gaps = {each["field"]: each for each in json.loads(told.out)}
    assert gaps.keys() == DRIFTS.keys()
    assert (gaps["Memo__c"]["needs"], gaps["Memo__c"]["has"]) == ("LongTextArea 32768", "textarea(500)")
    assert re.search(r"invoices\.yaml:\d+:\d+$", gaps["Memo__c"]["where"])
    assert [name for name, each in gaps.items() if not each["generated"]] == ["Link__c"]
    assert gaps["Link__c"]["by_hand"] == "a date field stays one"

    made = co2sf("schema", "generate", "-o", schema)
    assert made.code == 1  # the link is left to a person
    assert "does not go into the date field Link__c" in made.err
    written = {path.name.partition(".")[0] for path in (schema / FIELDS).iterdir()}
    assert written == DRIFTS.keys() - {"Link__c", "Terms__c"}  # rights are in the permission set
    assert not (schema / FIELDS).parent.joinpath(f"{INVOICE}.object-meta.xml").exists()

    checked = co2sf("schema", "deploy", schema, "--check-only")
    assert f"CustomField {INVOICE}.Status__c" in checked.out
    assert "0 new" in checked.out
    assert co2sf("schema", "deploy", schema, "--yes").code == 0
    left = json.loads(co2sf("schema", "diff", "--json").out)
    assert {each["field"] for each in left} == {"Link__c", "Terms__c"}  # an administrator of the sandbox took the right


def test_what_is_changed_in_the_org_loses_nothing(co2sf, admin, org, schema):
    drift(admin)
    co2sf("schema", "generate", "-o", schema)
    co2sf("schema", "deploy", schema, "--yes")

    fields = org.seen[INVOICE].fields
    assert [choice.value for choice in fields["Status__c"].choices] == [
        "Ours", "Paid", "Void", "Unpaid", "Overdue", "Collections"
    ]  # fmt: skip
    assert (fields["Currency_Code__c"].label, fields["Currency_Code__c"].length) == ("Ccy", 3)
    assert (fields["Total__c"].precision, fields["Total__c"].scale) == (12, 2)
    assert fields["ChargeOver_Id__c"].unique
    assert not fields["Pay_Cycle__c"].restricted
    assert (
        fields["Status__c"].help == "Whether the invoice is open (Unpaid, Overdue, Collections) or closed (Paid, Void)."
    )


def test_what_is_written_is_written_again_alike_and_what_a_person_edited_stays(co2sf, shelf, schema):
    assert co2sf("schema", "generate", "--all", "-o", schema).code == 0
    assert co2sf("schema", "generate", "--all", "-o", schema).out.endswith("203 files needed: 203 same\n")
    terms, status = schema / FIELDS / "Terms__c.field-meta.xml", schema / FIELDS / "Status__c.field-meta.xml"
    edit(terms, "<label>Terms</label>", "<label>Payment Terms</label>")
    edit(status, "<restricted>true<", "<restricted>false<")
    edit(shelf / "invoices.yaml", "terms_name", "{from: terms_name, max: 100}")
    edit(shelf / "invoices.yaml", "{from: memo, as: textarea, max: 32768,", "{from: memo, as: textarea, max: 1000,")
    kept = terms.read_text(), status.read_text()

    told = co2sf("schema", "generate", "--all", "-o", schema)

    assert told.code == 1
    assert told.out.endswith("203 files needed: 1 changed, 200 same, 2 kept\n")
    assert "Memo__c.field-meta.xml" in told.out
    assert "Terms__c.field-meta.xml: was edited by hand" in told.err
    assert "Status__c.field-meta.xml: was edited by hand" in told.err
    assert (terms.read_text(), status.read_text()) == kept
    assert co2sf("schema", "generate", "--all", "-o", schema, "--force").code == 0
    assert "<length>100</length>" in terms.read_text()


def test_components_that_are_refused_are_named_with_their_own_file_and_line(co2sf, admin, org, tmp_path):
    folder = tmp_path / "schema"
    shutil.copytree(ROOT / "schema", folder)
    fields = folder / FIELDS
    edit(fields / "Memo__c.field-meta.xml", "<type>LongTextArea</type>", "<type>TextArea</type>")
    edit(
        fields / "Account__c.field-meta.xml",
        ">ChargeOver_Invoices</relationshipName",
        ">ChargeOver_Quotes</relationshipName",
    )
    edit(fields / "Terms__c.field-meta.xml", "<required>false", "<required>true")
    (fields / "Old__c.field-meta.xml.bak").write_text("")

    told = co2sf("schema", "deploy", folder, "--yes")

    assert told.code == 1
    assert "Old__c.field-meta.xml.bak: left out; only objects, fields and permission sets are deployed" in told.err
    refused = (
        f"CustomField {INVOICE}.Memo__c .*/Memo__c.field-meta.xml:3 +Can not specify 'length' for a CustomField of"
    )
    assert re.search(refused, told.out)
    assert "There is already a Child Relationship named ChargeOver_Quotes on Account." in told.out
    assert f"You cannot deploy to a required field: {INVOICE}.Terms__c" in told.out
    assert "3 of 204 components are not taken; nothing has changed" in told.err
    assert org.seen[INVOICE].fields["Terms__c"].nillable


def test_a_file_that_is_no_xml_is_named_with_its_place(co2sf, admin, schema):
    co2sf("schema", "generate", "--all", "-o", schema)
    edit(schema / FIELDS / "Memo__c.field-meta.xml", "</label>", "</lable>")

    told = co2sf("schema", "deploy", schema, "--check-only")

    assert told.code == 2
    assert re.search(r"Memo__c\.field-meta\.xml:\d+:\d+: this is not XML \(mismatched tag\)", told.err)


def test_nothing_is_deployed_when_nobody_says_yes(co2sf, admin, schema):
    co2sf("schema", "generate", "--all", "-o", schema)

    told = co2sf("schema", "deploy", schema)

    assert (told.code, told.err) == (
        2, "co2sf: schema deploy: nobody is here to say yes; write --yes, or --check-only to change nothing\n"
    )  # fmt: skip


def test_who_may_not_deploy_is_told_what_to_do(co2sf, admin, org, schema):
    co2sf("schema", "generate", "--all", "-o", schema)
    org.settings = replace(org.settings, modify_metadata=False)

    told = co2sf("schema", "deploy", schema, "--check-only")

    assert told.code == 2
    assert "this user may not deploy metadata (INSUFFICIENT_ACCESS); give it the right Modify Metadata" in told.err


def test_a_folder_without_metadata_and_an_unknown_deployment(co2sf, admin, schema, tmp_path):
    assert "holds no objects/ and no permissionsets/" in co2sf("schema", "deploy", tmp_path).err
    co2sf("schema", "generate", "--all", "-o", schema)
    assert "the org knows no deployment of this id" in co2sf("schema", "deploy", schema, "--resume", "0Af0").err


def test_a_mapping_with_a_problem_is_said_before_anything_is_compared(co2sf, shelf):
    edit(shelf / "invoices.yaml", "from: invoice\n", "from: invoic\n")

    for command in ("diff", "generate"):
        told = co2sf("schema", command)
        assert told.code == 2
        assert 'ChargeOver has no "invoic"' in told.err


@pytest.mark.slow
@in_an_empty_org
def test_a_deployment_goes_on_when_its_command_is_killed(co2sf, admin, schema):
    co2sf("schema", "generate", "-o", schema)
    admin("settings", {"deploy_seconds": 1000})
    words = ["schema", "deploy", str(schema), "--yes"]
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert "check 0Af5g0000000001CAA" in process.stderr.readline()
        admin("clock", {"advance_seconds": 2000})
        begun = process.stderr.readline()
        process.send_signal(signal.SIGKILL)
    deployment = re.search(r"--resume (\w+)", begun)[1]
    assert co2sf("schema", "diff").code == 1
    admin("clock", {"advance_seconds": 2000})

    resumed = co2sf("schema", "deploy", schema, "--resume", deployment, "--assign")

    assert (resumed.code, "203 new" in resumed.out) == (0, True)
    assert co2sf("schema", "diff").code == 0
    admin("settings", {"deploy_seconds": 0})
    assert "203 as they were" in co2sf("schema", "deploy", schema, "--yes").out
