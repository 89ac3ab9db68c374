"""Mapping against org: what does not fit is named with its field, its place and what to do."""

import pytest

from pipelines.mapping.create_only import create_only
from pipelines.mapping.fit import fit

LOOKUP = "lookups: {Account__c: {from: customer_id, to: Account%s}}"


@pytest.fixture(scope="module")
def misfits(mapped, sobject):
    def told(rule, *fields, rest="", **said):
        return [
            (each.severity, each.text)
            for each in fit(mapped(f"Key__c: invoice_id\n{rule}", rest), sobject(*fields, **said))
        ]

    return told


def test_a_mapping_that_fits_has_no_misfits(misfits, field_shape):
    fields = [field_shape("Total__c", "currency"), field_shape("Void__c", "boolean", nillable=False)]
    account = field_shape("Account__c", "reference", reference_to=("Account",), relationship_name="Account__r")
    rules = "Total__c: {from: total, as: currency}\nVoid__c: {from: is_void, as: checkbox}"
    assert misfits(rules, *fields, account, rest=LOOKUP % "") == []


def test_an_sobject_that_the_org_does_not_show(mapped):
    (misfit,) = fit(mapped("Key__c: invoice_id"), None)
    assert misfit.severity == "error"
    assert str(misfit).endswith(
        ':2:1: the org has no sObject "Invoice__c", or this user may not see it; deploy it, or grant access'
    )


def test_an_sobject_that_may_not_be_written(misfits):
    told = misfits("", createable=False, updateable=False)
    assert [text.split(";")[0] for _, text in told] == [
        "this user may not create Invoice__c records",
        "this user may not edit Invoice__c records",
    ]


def test_a_field_that_is_missing_or_hidden_is_named_with_its_place_and_near_miss(mapped, sobject, field_shape):
    mapping = mapped("Key__c: invoice_id\nTotl__c: {from: total, as: currency}")
    (misfit,) = fit(mapping, sobject(field_shape("Total__c", "currency")))
    assert misfit.field == "Totl__c"
    assert ':6:3: Invoice__c has no field "Totl__c"' in str(misfit)
    assert 'field-level security for it; did you mean "Total__c"?' in misfit.text


def test_names_are_compared_as_salesforce_does_without_case(misfits, field_shape):
    assert misfits("total__C: {from: total, as: currency}", field_shape("Total__c", "currency")) == []


RULES = [
    ("A__c: memo", "string", {"calculated": True}, "error", "A__c is a formula: Salesforce fills it; remove it"),
    ("A__c: memo", "string", {"auto_number": True}, "error", "A__c is an auto-number: Salesforce fills it"),
    ("A__c: memo", "string", {"updateable": False}, "warning", "A__c cannot be written when a record is updated"),
    ("A__c: memo", "string", {"createable": False}, "warning", "A__c cannot be written when a record is created"),
    ("A__c: memo", "string", {"createable": False, "updateable": False}, "error", "A__c cannot be written; grant edit"),
    ("A__c: {from: date, as: date}", "datetime", {}, "error", "into the datetime field A__c; use as: datetime"),
    ("A__c: total", "currency", {}, "error", "into the currency field A__c; use as: number or as: currency"),
    ("A__c: {value: true}", "string", {}, "error", "true is for checkboxes, A__c is a string field"),
    ("A__c: memo", "address", {}, "error", "does not go into the address field A__c; no conversion fits"),
    ("A__c: memo", "string", {"length": 80}, "warning", "may be longer than the 80 characters"),
    ("A__c: {from: memo, max: 300}", "string", {}, "warning", "max: 300 is more than the 255 characters of A__c"),
    ("A__c: {from: memo, as: textarea}", "textarea", {"length": 255}, "warning", "text may be longer than the 255"),
    ("A__c: {value: abcdef}", "string", {"length": 5}, "error", '"abcdef" is longer than the 5 characters of A__c'),
    ("A__c: {from: total, as: currency}", "currency", {"scale": 0}, "warning", "A__c has 0 decimals"),
    ("A__c: {from: total, as: currency, scale: 4}", "currency", {}, "warning", "scale: 4 is more than the 2 decimals"),
    (
        "A__c: {from: memo, as: picklist, choices: {a: Piad}}",
        "picklist",
        {"values": ("Paid", "Open"), "restricted": True},
        "error",
        '"Piad" is not in the picklist A__c; did you mean "Paid"?',
    ),
    (
        "A__c: {from: memo, choices: {a: Paid}, otherwise: {value: Other}}",
        "picklist",
        {"values": ("Paid",)},
        "warning",
        '"Other" is not in the picklist A__c',
    ),
    (
        "A__c: {from: memo, choices: {a: Paid}, otherwise: keep}",
        "picklist",
        {"values": ("Paid",), "restricted": True},
        "warning",
        "A__c is restricted to its values, and otherwise: keep sends others",
    ),
    ('A__c: {value: "x;z"}', "multipicklist", {"values": ("x",), "restricted": True}, "error", '"z" is not in the'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "kind", "said", "severity", "text"), RULES)
def test_what_does_not_fit_into_a_field_is_told(misfits, field_shape, rule, kind, said, severity, text):
    (misfit,) = misfits(rule, field_shape("A__c", kind, **said))
    assert misfit[0] == severity
    assert text in misfit[1]


@pytest.mark.parametrize(
    ("rule", "kind", "said"),
    [
        ("A__c: memo", "string", {}),
        ("A__c: invoice_id", "string", {"length": 18}),
        ("A__c: {from: memo, max: 80, too_long: cut}", "string", {"length": 80}),
        ("A__c: {from: memo, choices: {a: b}}", "string", {"length": 3}),
        ("A__c: {from: memo, choices: {a: paid}}", "picklist", {"values": ("Paid",), "restricted": True}),
        ("A__c: {from: total, as: currency, scale: 0}", "currency", {"scale": 0}),
        ("A__c: {value: true}", "boolean", {}),
        ("A__c: {value: null}", "double", {}),
        ("A__c: {from: memo, as: textarea}", "textarea", {"length": 131072}),
    ],
)
def test_what_fits_is_not_complained_about(misfits, field_shape, rule, kind, said):
    assert misfits(rule, field_shape("A__c", kind, **said)) == []


@pytest.mark.parametrize(
    ("said", "severity", "text"),
    [
        ({"external_id": False, "id_lookup": False}, "error", "Key__c is not an external id"),
        ({"external_id": True, "unique": False}, "error", "Key__c is not unique"),
        ({"external_id": False, "id_lookup": True, "unique": False}, "warning", "Key__c is not unique"),
    ],
)
def test_the_external_id_must_find_exactly_one_record(misfits, field_shape, said, severity, text):
    (misfit,) = misfits("", field_shape("Key__c", **said))
    assert misfit[0] == severity
    assert text in misfit[1]


@pytest.mark.parametrize(
    ("kind", "said", "severity", "text"),
    [
        ("string", {}, "error", "Account__c is a string field, not a lookup"),
        ("reference", {"reference_to": ("Contact",)}, "error", "Account__c looks up Contact, not Account"),
        ("reference", {"relationship_name": "Payer__r"}, "error", "the relationship of Account__c is Payer__r"),
        ("reference", {"nillable": False}, "warning", "Account__c is required, and missing: null leaves it empty"),
    ],
)
def test_a_lookup_must_lead_where_the_mapping_says(misfits, field_shape, kind, said, severity, text):
    shape = field_shape("Account__c", kind, **({"reference_to": ("Account",)} | said))
    (misfit,) = misfits("", shape, rest=LOOKUP % ", missing: null")
    assert misfit[0] == severity
    assert text in misfit[1]


def test_a_parent_that_is_set_when_a_record_is_created_and_never_again_fits(mapped, sobject, field_shape):
    facts = {"reference_to": ("Account",), "relationship_name": "Account__r", "updateable": False}
    shape = sobject(field_shape("ACCOUNT__c", "reference", **facts), field_shape("Memo__c", updateable=False))
    mapping = mapped("Key__c: invoice_id\nmemo__C: {from: memo, max: 255}", LOOKUP % "")

    assert [each.field for each in fit(mapping, shape)] == ["memo__C"]  # a text can change, a warning says so
    assert create_only(mapping, shape) == {"Account__c", "memo__C"}


def test_the_external_id_is_always_sent(misfits, mapped, sobject, field_shape):
    key = {"external_id": True, "unique": True}
    shape = sobject(field_shape("Key__c", updateable=False, **key))

    assert misfits("", field_shape("Key__c", updateable=False, **key)) == []
    assert create_only(mapped("Key__c: invoice_id"), shape) == frozenset()
    ((severity, text),) = misfits("", field_shape("Key__c", createable=False, **key))
    assert (severity, text.partition(",")[0]) == ("error", "Key__c cannot be written when a record is created")


def test_a_required_field_without_a_rule_is_named(misfits, field_shape):
    (misfit,) = misfits("", field_shape("Due__c", "date", nillable=False))
    assert misfit == ("error", "Invoice__c requires Due__c (Due__c), and no rule fills it; add one under fields")
    assert misfits("", field_shape("Due__c", "date", nillable=False, defaulted_on_create=True)) == []


@pytest.mark.parametrize(
    ("mark", "kind", "said", "text"),
    [
        ("Gone__c: true", "string", {}, "Gone__c is a string field and cannot become"),
        ("Gone__c: yes", "boolean", {}, 'Gone__c is a boolean field and cannot become "yes"'),
        ("Gone__c: Weg", "picklist", {"values": ("Gone",)}, '"Weg" is not in the picklist Gone__c'),
        ("Gon__c: true", "boolean", {}, 'Invoice__c has no field "Gon__c"'),
        ("Gone__c: true", "boolean", {"updateable": False}, "Gone__c cannot be written when a record is updated"),
    ],
)
def test_the_marks_of_deleted_records_must_fit_too(misfits, field_shape, mark, kind, said, text):
    (misfit,) = misfits("", field_shape("Gone__c", kind, **said), rest=f"on_delete: {{{mark}}}")
    assert text in misfit[1]
    assert misfits("", field_shape("Gone__c", "boolean"), rest="on_delete: {Gone__c: true}") == []
