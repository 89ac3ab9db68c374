"""How the org looked is kept with the moment of the look, for all processes."""

from sqlalchemy import update

from pipelines.ledger.shapes import Look
from pipelines.ledger.tables import shapes
from pipelines.mapping.drift import Drift
from pipelines.mapping.shape import FieldShape, SObjectShape

MODIFIED = "Sun, 01 Mar 2026 11:00:00 GMT"


def shape(name="Invoice__c", **facts):
    plain = {"type": "picklist", "label": "Größe", "length": 255, "precision": 0, "scale": 0, "digits": 0}
    plain |= {"createable": True, "updateable": False, "nillable": True, "defaulted_on_create": False}
    plain |= {"external_id": False, "unique": False, "id_lookup": False, "restricted": True, "values": ("a", "b")}
    plain |= {"reference_to": ("Account",), "relationship_name": None, "calculated": False, "auto_number": False}
    return SObjectShape(name, "Invoice", {"Status__c": FieldShape("Status__c", **(plain | facts))}, True, False)


def test_a_look_comes_back_as_it_was_kept(ledger, at):
    drift = (Drift("Status__c", 'picklist Status__c lost "c"', at(-5)),)
    looks = {"Invoice__c": Look(shape(), MODIFIED, at(0), at(-60), drift), "Gone__c": Look(None, "", at(0), at(0))}

    ledger.keep_looks(looks)

    assert ledger.looks(["Invoice__c", "Gone__c", "Never__c"]) == looks
    ledger.keep_looks({"Invoice__c": Look(shape(values=("a",)), MODIFIED, at(9), at(9))})
    assert ledger.looks(["Invoice__c"])["Invoice__c"].checked_at == at(9)
    assert ledger.looks(["Gone__c"]) == {"Gone__c": looks["Gone__c"]}


def test_a_look_in_doubt_is_read_whole_and_still_tells_what_was(ledger, at):
    ledger.keep_looks({"Invoice__c": Look(shape(), MODIFIED, at(0), at(0))})

    ledger.doubt_look("Invoice__c")
    ledger.doubt_look("Never__c")

    (look,) = ledger.looks(["Invoice__c", "Never__c"]).values()
    assert (look.last_modified, look.shape) == ("", shape())
    assert look.checked_at < at(-1_000_000)


def test_what_another_version_has_kept_in_other_words_counts_as_never_seen(ledger, at):
    ledger.keep_looks({"Invoice__c": Look(shape(), MODIFIED, at(0), at(0))})
    with ledger._engine.begin() as connection:
        connection.execute(update(shapes).values(shape='{"shape": {"words": []}, "read_at": "x", "drift": []}'))

    assert ledger.looks(["Invoice__c"]) == {}


def test_whose_rows_these_are_can_be_asked_without_a_claim(ledger):
    assert not ledger.is_of("Salesforce org", "00D1")
    ledger.claim("Salesforce org", "00D1")
    assert ledger.is_of("Salesforce org", "00D1")
    assert not ledger.is_of("Salesforce org", "00D2")
