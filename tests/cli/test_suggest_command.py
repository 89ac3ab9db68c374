"""co2sf suggest: what is guessed, how well, and that a draft can be read as it is."""

import re
from itertools import product
from pathlib import Path

import pytest

import sandbox.salesforce
from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.fields.suggesting import origin_of, parents_for
from pipelines.mapping.fit import fit
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.shape import SObjectShape
from pipelines.mapping.suggestion.choosing import choices_for
from pipelines.mapping.suggestion.draft import draft
from pipelines.mapping.suggestion.text import text_of_draft
from pipelines.salesforce.describe import field_of
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from sandbox.serving import serve

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "fields-and-suggest.md"
# Other people's names for the same things; nothing was adjusted to find these.
FOREIGN = {
    ("package", "Contract__c"): """picklist Contract_State__c package_status_str, datetime Begin_Date__c start_datetime,
        datetime End_Date__c cancel_datetime, datetime Renewal_Date__c next_invoice_datetime,
        currency Billed_To_Date__c amount_invoiced, currency Cash_Received__c amount_collected,
        currency Arrears__c amount_due, string Invoice_Currency__c currency_iso4217, picklist Frequency__c paycycle,
        string Label__c nickname, picklist Pays_By__c paymethod, string Terms__c terms_name, string Town__c bill_city,
        string Our_Key__c external_key, datetime Paused_Until__c suspendto_datetime""",
    ("transaction", "Receipt__c"): """currency Receipt_Amount__c amount, currency Allocated_Amount__c applied,
        currency Unallocated_Amount__c unapplied, date Payment_Date__c transaction_date, currency Processor_Fee__c fee,
        string Processor__c gateway_nickname, string Reference__c gateway_transid, picklist Kind__c transaction_type,
        picklist Outcome__c transaction_status_str, string Instrument__c transaction_method,
        string Decline_Reason__c gateway_msg, datetime Reversed_On__c void_datetime, textarea Remarks__c memo,
        string Currency__c currency_iso4217, boolean Success__c gateway_status""",
}


@pytest.fixture(scope="module")
def mappings():
    return read_mappings(ROOT / "mappings", vocabulary())


@pytest.fixture(scope="module")
def shapes():
    """Every sObject of the sandbox's org, with the recommended schema, as it describes itself."""
    org = sandbox.salesforce.Org.from_metadata(ROOT / "schema" / "force-app" / "main" / "default")
    with (
        serve(sandbox.salesforce.app(org)) as served,
        Org(ClientCredentials(served.url, "sandbox-client-id", "sandbox-client-secret")) as asked,
    ):
        return {name: asked.describe(name).shape for name in asked.sobjects()}


def drafted(mappings, shape, source):
    return draft(origin_of(source), shape, parents_for(mappings, source, shape.name))


def found(made):
    return {each.target: set(each.sources) for each in (*made.rules, *made.lookups)}


def shape(name, *fields):
    plain = {"length": 255, "createable": True, "updateable": True, "nillable": True, "precision": 16, "scale": 2}
    shapes = [field_of(plain | each) for each in fields]
    return SObjectShape(name, name, {each.name: each for each in shapes}, createable=True, updateable=True)


@pytest.mark.slow
def test_drafts_find_what_the_shipped_mappings_say_and_the_docs_tell_how_much(mappings, shapes):
    pairs = right = wrong = 0
    for mapping in mappings.mappings:
        guessed = found(drafted(mappings, shapes[mapping.to], mapping.source))
        for field in mapping.written:
            sources = guessed.get(field, set())
            pairs, right = pairs + 1, right + bool(sources and sources <= set(mapping.sources_of(field)))
            wrong += bool(sources and not sources <= set(mapping.sources_of(field)))
    assert right / pairs > 0.8
    assert f"{right} of the {pairs} fields that the shipped mappings write; {wrong} are wrong" in DOCS.read_text()


def test_a_schema_in_other_words_is_found_in_part_and_the_docs_tell_how_much():
    pairs = right = wrong = 0
    for (source, sobject), lines in FOREIGN.items():
        wanted = re.findall(r"(\w+) (\w+) (\w+)", lines)
        fields = [{"name": name, "type": kind, "label": name[:-3].replace("_", " ")} for kind, name, _ in wanted]
        guessed = found(draft(origin_of(source), shape(sobject, *fields), {}))
        for _, name, origin in wanted:
            pairs, right = pairs + 1, right + (origin in guessed.get(name, ()))
            wrong += name in guessed and origin not in guessed[name]
    assert f"{right} of {pairs} are found, {wrong} are wrong" in " ".join(DOCS.read_text().split())


@pytest.mark.slow
def test_every_draft_can_be_read_whatever_object_meets_whatever_sobject(mappings, shapes, tmp_path):
    heads = "from: {}\nto: {}\nexternal_id: Key__c\nfields: {{Key__c: {}}}\n"
    for each in mappings.mappings:
        (tmp_path / f"{each.to}.yaml").write_text(heads.format(each.source, each.to, next(iter(each.types))))
    for source, name in product(vocabulary(), ("Contact", "ChargeOver_Invoice_Line__c")):
        path = tmp_path / f"{name}.yaml"
        before = path.read_text() if path.exists() else None
        path.write_text(text_of_draft(drafted(mappings, shapes[name], source), "mapping.schema.json"))
        assert [str(each) for each in read_mappings(tmp_path, vocabulary()).problems] == []
        path.write_text(before) if before else path.unlink()


@pytest.mark.slow
def test_drafts_of_the_shipped_pairs_fit_the_org_without_an_error(mappings, shapes, tmp_path):
    for each in mappings.mappings:
        text = text_of_draft(drafted(mappings, shapes[each.to], each.source), "mapping.schema.json")
        (tmp_path / f"{each.name}.yaml").write_text(text)
    shelf = read_mappings(tmp_path, vocabulary())
    assert [str(each) for each in shelf.problems] == []
    misfits = [misfit for each in shelf.mappings for misfit in fit(each, shapes[each.to])]
    assert [str(each) for each in misfits] == []


def test_every_guess_says_how_sure_it_is_and_what_is_missing_is_to_do():
    sobject = shape(
        "Order__c",
        {"name": "Key__c", "type": "string", "externalId": True, "label": "Key"},
        {"name": "Sum__c", "type": "currency", "label": "Total"},
        {"name": "Region__c", "type": "string", "label": "Region", "nillable": False},
        {"name": "Status__c", "type": "picklist", "label": "Status", "restrictedPicklist": True,
         "picklistValues": [{"value": value, "active": True} for value in ("Paid", "Void", "Lost")]},
        {"name": "Formula__c", "type": "currency", "label": "Balance", "createable": False, "updateable": False},
    )  # fmt: skip
    text = text_of_draft(draft(origin_of("invoice"), sobject, {}), "mapping.schema.json")

    assert "# TODO Key__c is not unique" in text
    assert "# TODO Order__c requires Region__c (Region) and nothing is like it" in text
    assert "# sure: total is like the label Total, and decimal suits currency\n  Sum__c:" in text
    assert "# TODO open-overdue (Overdue) is like no value of Status__c" in text
    assert "      closed-paid: Paid\n      closed-void: Void\n    otherwise: reject" in text
    assert "Formula__c" not in text


def test_words_choose_values_that_say_the_same_and_no_others():
    words = {"mon": "Monthly", "yrl": "Yearly", "2wk": "Every 2 Weeks", "inv": "Invoice"}
    chosen, unknown = choices_for(words, ["month", "Yearly", "every two weeks", "Card"])
    assert (chosen["yrl"], unknown) == ("Yearly", ["inv"])
    assert chosen["mon"] == "month"


@pytest.mark.slow
def test_a_draft_is_written_to_a_file_once_and_checked_as_it_is(co2sf, world, live):
    path = live / "invoices.yaml"
    assert "is there already" in co2sf("suggest", "invoice", "ChargeOver_Invoice__c", "-o", path).err

    told = co2sf("suggest", "invoice", "ChargeOver_Invoice__c", "-o", path, "--force")

    assert (told.code, told.out) == (0, "")
    assert re.search(r"\d+ sure, \d+ likely, \d+ guess, 0 to do", told.err)
    assert co2sf("check").code == 0
    assert path.read_text().startswith("# yaml-language-server: $schema=mapping.schema.json\n# Drafted by")


@pytest.mark.slow
def test_unknown_names_tell_the_near_miss(co2sf, world, live):
    assert 'did you mean "invoice"?' in co2sf("suggest", "invoic", "Account").err
    told = co2sf("suggest", "invoice", "Acount")
    assert (told.code, told.err) == (
        2,
        "co2sf: the org has no sObject 'Acount', or this user may not see it; did you mean \"Account\"?\n",
    )
