"""What a mapping says about itself: fingerprint, columns, lineage."""

import pytest
from pydantic import ValidationError

RULES = "Key__c: invoice_id\nTotal__c: {from: total, as: currency}\nName: {from: [refnumber, memo], take: first}"
REST = "lookups: {Account__c: {from: customer_id, to: Account}}\nonly: {is_void: false}\n"


def test_comments_format_order_description_and_owner_do_not_change_the_fingerprint(mapped):
    other = "# a comment\nName: {take: first, from: [refnumber, memo]}\nKey__c: {from: invoice_id}\n"
    other += "Total__c:\n  as: currency\n  from: [total]\n"
    described = REST + "description: what it is\nowner: me\n"
    assert mapped(RULES, REST).fingerprint == mapped(other, described).fingerprint


@pytest.mark.parametrize(
    ("rules", "rest"),
    [
        (RULES.replace("currency", "number"), REST),
        (RULES.replace("total,", "balance,"), REST),
        (RULES.replace("[refnumber, memo]", "[memo, refnumber]"), REST),
        (RULES, REST.replace("false", "true")),
        (RULES, REST.replace("false", "{not: false}")),
        (RULES, REST.replace("to: Account", "to: Account, missing: null")),
        (RULES, REST + "nulls: leave\n"),
        (RULES, REST + "on_delete: delete\n"),
        (RULES, REST + "on_delete: {Gone__c: true}\n"),
    ],
)
def test_everything_that_changes_what_is_sent_changes_the_fingerprint(mapped, rules, rest):
    assert mapped(rules, rest).fingerprint != mapped(RULES, REST).fingerprint


def test_every_column_says_where_it_comes_from(mapped):
    assert mapped(RULES + "\nS__c: {value: x}", REST).columns() == [
        ("Key__c", "text", "from invoice_id as text"),
        ("Total__c", "currency", "from total as currency"),
        ("Name", "text", "from refnumber or memo as text"),
        ("S__c", "text", "always x"),
        ("Account__c", "lookup", "Account by customer_id"),
    ]


def test_the_sources_of_a_field_are_known(mapped):
    mapping = mapped(RULES + "\nS__c: {value: x}", REST)
    assert mapping.sources_of("Name") == ("refnumber", "memo")
    assert mapping.sources_of("Account__c") == ("customer_id",)
    assert mapping.sources_of("S__c") == mapping.sources_of("Unknown") == ()


def test_a_mapping_knows_where_its_keys_stand(mapped):
    mapping = mapped(RULES, REST)
    assert mapping.at("fields", "Total__c").endswith("invoices.yaml:6:3")
    assert mapping.at("to").endswith(":2:1")
    assert mapping.at("fields", "Total__c", "no such key").endswith(":6:13")


@pytest.mark.parametrize(
    ("field", "relationship"), [("Account__c", "Account__r"), ("AccountId", "Account"), ("ParentId", "Parent")]
)
def test_the_relationship_follows_from_the_field(mapped, field, relationship):
    mapping = mapped("Key__c: invoice_id", f"lookups: {{{field}: {{from: customer_id, to: Account}}}}")
    assert mapping.lookups[field].relationship == relationship


def test_a_mapping_cannot_be_changed(mapped):
    with pytest.raises(ValidationError, match="frozen"):
        mapped(RULES).to = "Other__c"
