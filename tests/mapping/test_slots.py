"""Slots tell which fields of two versions of a row differ."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.mapping.slots import WIDTH, changed, emptied, slots_of

names = st.lists(st.sampled_from(["Name", "Total__c", "Phone", "Account__c", "City"]), min_size=1, unique=True)
values = st.one_of(st.none(), st.text(max_size=5))


def row_of(fields):
    return slots_of({name: [None if value is None else f'"{name}":"{value}"'] for name, value in fields.items()}, 1)[0]


@given(names, st.data())
def test_exactly_the_fields_that_differ_are_named(fields, data):
    before, now = ({name: data.draw(values) for name in fields} for _ in range(2))
    assert changed(fields, row_of(before), row_of(now)) == {name for name in fields if before[name] != now[name]}


@given(names, st.data())
def test_an_emptied_field_counts_as_null(fields, data):
    before = {name: data.draw(values) for name in fields}
    nulled = data.draw(st.sets(st.sampled_from(fields)))
    texts = {name: [f'"{name}":null' if name in nulled else _text(name, before[name])] for name in fields}
    assert emptied(fields, row_of(before), nulled) == slots_of(texts, 1)[0]


def _text(name, value):
    return None if value is None else f'"{name}":"{value}"'


@given(names, names)
def test_rows_of_mappings_with_other_fields_cannot_be_compared(one, other):
    found = changed(other, row_of(dict.fromkeys(one, "x")), row_of(dict.fromkeys(other, "x")))
    assert (found is None) == (set(one) != set(other))


def test_what_is_not_known_cannot_be_compared():
    assert changed(["Name"], "", row_of({"Name": "x"})) is None


def test_each_row_has_its_own_slots():
    first, second, third = slots_of({"Name": ['"Name":"a"', '"Name":"b"', '"Name":"a"']}, 3)
    assert first == third != second
    assert len(first) == 2 * WIDTH
