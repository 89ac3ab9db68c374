"""What changed in an org is told in words, by field, as far as a mapping or Salesforce itself needs the field."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mapping.drift import drift
from pipelines.mapping.fit import fit

AT = datetime(2026, 3, 10, 12, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(mapped, sobject, field_shape):
    """The words for a change of field A__c, which the mapping uses."""
    mapping = mapped("Key__c: invoice_id\nA__c: memo", "on_delete: {Gone__c: true}")

    def make(kind, before, after):
        both = [sobject(field_shape("a__C", kind, **said)) for said in (before, after)]
        return [each.text for each in drift(mapping, *both, AT)]

    return make


CHANGES = [
    ("string", {"length": 80}, {"length": 40}, "a__C is 40 characters long, was 80"),
    ("double", {}, {"precision": 10, "scale": 0}, "a__C takes 10 digits and 0 decimals, took 16 and 2"),
    ("picklist", {"values": ("Paid", "Void")}, {"values": ("Paid",)}, 'picklist a__C lost "Void"'),
    ("picklist", {"values": ("A",)}, {"values": tuple("ABCDEFGH")}, 'picklist a__C gained "B", "C", "D", "E", "F"'),
    ("picklist", {}, {"restricted": True}, "a__C is restricted to its values now"),
    ("string", {}, {"createable": False, "updateable": False}, "a__C is no longer writeable"),
    ("string", {}, {"updateable": False}, "a__C is writeable only when a record is created, was writeable"),
    ("string", {"createable": False}, {}, "a__C is writeable, was writeable only when a record is updated"),
    ("string", {"external_id": True}, {}, "a__C is no longer an external id"),
    ("string", {"unique": True}, {}, "a__C is no longer unique"),
    ("string", {}, {"calculated": True}, "a__C is a formula now"),
    ("string", {}, {"nillable": False}, "a__C is required now"),
    ("reference", {"reference_to": ("A",)}, {"reference_to": ("B", "C")}, "a__C looks up B or C, looked up A"),
    ("reference", {"relationship_name": "A__r"}, {"relationship_name": "B__r"}, "the relationship of a__C is B__r"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "text"), CHANGES)
def test_a_change_of_a_field_in_use_is_told(told, kind, before, after, text):
    (said,) = told(kind, before, after)
    assert said.startswith(text)


def test_what_looks_as_it_did_is_no_drift(told):
    assert told("string", {}, {}) == []
    assert told("string", {}, {"id_lookup": True}) == []


def test_another_type_is_told_alone(told, mapped, sobject, field_shape):
    mapping = mapped("Key__c: invoice_id\nA__c: memo")
    both = [sobject(field_shape("A__c")), sobject(field_shape("A__c", "double", length=0))]
    assert [each.text for each in drift(mapping, *both, AT)] == ["A__c is a double field, was string"]


def test_fields_that_go_and_come_are_told_where_they_are_used_or_required(mapped, sobject, field_shape):
    mapping = mapped("Key__c: invoice_id\nA__c: memo", "on_delete: {Gone__c: true}")
    bare, used = sobject(), sobject(field_shape("A__c"), field_shape("Gone__c", "boolean"))
    others = sobject(field_shape("Other__c"), field_shape("Must__c", nillable=False))

    def words(before, after):
        return [(each.field, each.text) for each in drift(mapping, before, after, AT)]

    assert words(used, bare) == [
        ("A__c", "field A__c is gone, or hidden from this user"),
        ("Gone__c", "field Gone__c is gone, or hidden from this user"),
    ]
    assert words(bare, used)[0] == ("A__c", "field A__c has appeared")
    assert words(bare, others) == [("Must__c", "new required field Must__c")]
    assert words(others, bare) == []
    assert words(sobject(field_shape("Must__c")), others) == [("Must__c", "field Must__c is required now")]


def test_an_sobject_that_goes_or_may_not_be_written_is_told(mapped, sobject):
    mapping = mapped("Key__c: invoice_id")

    def words(before, after):
        return [each.text for each in drift(mapping, before, after, AT)]

    assert words(sobject(), None) == ["Invoice__c is gone, or hidden from this user"]
    assert words(None, sobject()) == ["Invoice__c has appeared"]
    assert words(None, None) == []
    assert words(sobject(), sobject(createable=False)) == ["this user may no longer create Invoice__c records"]
    assert words(sobject(updateable=False), sobject()) == ["this user may now edit Invoice__c records"]


def test_drift_says_when_it_was_noticed(mapped, sobject):
    (one,) = drift(mapped("Key__c: invoice_id"), sobject(), None, AT)
    assert str(one) == "Invoice__c is gone, or hidden from this user (noticed 2026-03-10 12:05 UTC)"


FACTS = {
    "type": st.sampled_from(["string", "picklist", "double", "boolean", "reference"]),
    "length": st.sampled_from([0, 18, 80, 255]),
    "precision": st.integers(0, 18),
    "scale": st.integers(0, 6),
    "values": st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    "reference_to": st.sampled_from([(), ("Account",), ("Contact",)]),
    "relationship_name": st.sampled_from([None, "A__r", "B__r"]),
    **{flag: st.booleans() for flag in ("createable", "updateable", "nillable", "defaulted_on_create", "external_id",
                                        "unique", "restricted", "calculated", "auto_number")},
}  # fmt: skip


@given(before=st.fixed_dictionaries(FACTS), after=st.fixed_dictionaries(FACTS), gone=st.booleans())
def test_whatever_makes_a_mapping_fit_no_longer_is_told(mapped, sobject, field_shape, before, after, gone):
    """A mapping that fitted and does not any more has drift to show for it."""
    mapping = mapped("Key__c: invoice_id\nA__c: {from: memo, choices: {x: a}}")
    field = field_shape("A__c")
    old = sobject(replace(field, **before))
    new = sobject() if gone else sobject(replace(field, **after))

    if fit(mapping, old) != fit(mapping, new):
        assert drift(mapping, old, new, AT)
