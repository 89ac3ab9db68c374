"""What Salesforce holds is known again as what was sent, in whatever form it is kept and shown."""

from dataclasses import replace
from decimal import Decimal

import pytest

from pipelines.mapping.likeness import alike, fragments
from pipelines.mapping.shape import FieldShape
from pipelines.mapping.slots import FORGOTTEN, by_field, changed, forgotten, slots_of

plain = FieldShape("F__c", "string", "F", 80, 0, 0, 0, createable=True, updateable=True, nillable=True,
                   defaulted_on_create=False, external_id=False, unique=False, id_lookup=False, restricted=False,
                   values=(), reference_to=(), relationship_name=None, calculated=False, auto_number=False)  # fmt: skip


def shape(kind, scale=2):
    return replace(plain, type=kind, scale=scale)


@pytest.mark.parametrize(
    ("kind", "sent", "held"),
    [
        ("currency", "12.5", Decimal("12.50")),
        ("currency", "100", Decimal("1E+2")),
        ("double", '"7"', "7.0"),
        ("boolean", "true", "true"),
        ("boolean", "false", None),
        ("date", '"2026-01-31"', "2026-01-31"),
        ("datetime", '"2026-01-31T10:00:00Z"', "2026-01-31T10:00:00.000+0000"),
        ("datetime", '"2026-01-31T10:00:00Z"', "2026-01-31T10:00:00.000Z"),
        ("string", '"a \\"b\\"\\n\u00e4"', 'a "b"\n\u00e4'),
        ("string", "42.5", "42.5"),
        ("string", "null", ""),
    ],
)
def test_the_part_of_a_payload_is_found_again_from_what_is_held(kind, sent, held):
    assert f'"F__c":{sent}' in set(fragments("F__c", held, shape(kind)))


@pytest.mark.parametrize(
    ("kind", "sent", "held"),
    [
        ("currency", Decimal("12.345"), Decimal("12.35")),
        ("currency", Decimal("12.345"), Decimal("12.34")),
        ("double", Decimal(123456789012345678), Decimal(123456789012345680)),
        ("string", " Acme ", "Acme"),
        ("textarea", "a\r\nb", "a\nb"),
        ("picklist", "paid", "Paid"),
        ("multipicklist", "B;A;B", "A;B"),
        ("email", "Ann@Example.com", "ann@example.com"),
        ("url", "example.com", "http://example.com"),
        ("datetime", "2026-01-31T11:00:00+01:00", "2026-01-31T10:00:00.000+0000"),
        ("reference", "001A0000006Vm9r", "001A0000006Vm9rIAC"),
    ],
)
def test_what_salesforce_does_to_a_value_is_no_difference(kind, sent, held):
    assert alike(sent, held, shape(kind))


@pytest.mark.parametrize(
    ("kind", "sent", "held"),
    [
        ("currency", Decimal("12.34"), Decimal("12.35")),
        ("currency", Decimal("12.345"), Decimal("12.36")),
        ("currency", Decimal(0), None),
        ("string", "Acme", "ACME"),
        ("boolean", True, False),
        ("multipicklist", "A;B", "A"),
        ("datetime", "2026-01-31T10:00:00Z", "2026-01-31T10:00:01.000Z"),
    ],
)
def test_another_value_is_one(kind, sent, held):
    assert not alike(sent, held, shape(kind))


def test_markup_is_compared_by_its_words():
    assert alike("<p>Tom &amp; Ann</p>", "Tom &amp;  Ann<br>", shape("textarea"), is_rich=True)
    assert not alike("<p>Tom</p>", "Ann", shape("textarea"), is_rich=True)


def test_a_forgotten_field_is_the_one_that_differs():
    (slots,) = slots_of({"A": ['"A":1'], "B": ['"B":2'], "C": [None]}, 1)
    left = forgotten(["A", "B", "C"], slots, ["B"])
    assert by_field(["C", "A", "B"], left)["B"] == FORGOTTEN
    assert changed(["A", "B", "C"], left, slots) == {"B"}
    assert by_field(["A", "B"], slots) == {}
