"""Frames put together: every row, every value and every absence stays what it was."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.frame import ABSENT, PROBLEMS, frame_of, values_of
from pipelines.mapping.rows import Rows
from pipelines.mapping.stack import inherit, stack

at = datetime(2026, 3, 1, tzinfo=UTC)
types = {"n": "int", "amount": "decimal", "name": "text"}
values = {
    "n": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.just("x")),
    "amount": st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=2), st.just("NaN")),
    "name": st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=5)),
}
record = st.fixed_dictionaries({}, optional=values)
groups = st.lists(st.lists(record, max_size=4), min_size=1, max_size=4)


def told(frame):
    """Each row as a mapping sees it: value, absence or problem by field."""
    rows = Rows(frame)
    absent = {name: rows.without([name]) for name in types}
    return [
        {
            name: ("absent",) if row in absent[name] else (rows.values(name)[row], name in rows.problems.get(row, {}))
            for name in types
        }
        for row in range(rows.size)
    ]


def expected(records):
    return [{name: seen(each, name) for name in types} for each in records]


def seen(record, name):
    if name not in record:
        return ("absent",)
    is_bad = name != "name" and record[name] in {"x", "NaN"}
    return (None if is_bad else record[name], is_bad)


@given(groups)
@settings(max_examples=60)
def test_a_stack_has_all_rows_in_order_with_their_values_absences_and_problems(groups):
    stacked = stack([frame_of(records, types, at) for records in groups])

    assert told(stacked) == expected([each for records in groups for each in records])


@given(st.lists(st.tuples(record, st.lists(record, max_size=3)), max_size=4))
@settings(max_examples=60)
def test_children_see_what_their_own_parent_has_and_lacks(families):
    parents = [{**parent, "id": number} for number, (parent, _) in enumerate(families)]
    children = [{**child, "_parent": number} for number, (_, some) in enumerate(families) for child in some]
    parent_frame = frame_of(parents, {**types, "id": "int"}, at)
    child_frame = frame_of(children, {**types, "_parent": "int"}, at)

    joined = inherit(child_frame, parent_frame, on="_parent", key="id", prefix="invoice")

    assert told(joined) == expected(children)
    rows = Rows(joined)
    lacking = {name: rows.without([f"invoice.{name}"]) for name in types}
    for row, child in enumerate(children):
        parent = expected([parents[child["_parent"]]])[0]
        for name in types:
            found = ("absent",) if row in lacking[name] else (
                rows.values(f"invoice.{name}")[row], f"invoice.{name}" in rows.problems.get(row, {}),
            )  # fmt: skip
            assert found == parent[name]


def test_a_column_that_only_one_frame_has_is_absent_in_the_other():
    stacked = stack([frame_of([{"n": 1}], types, at), frame_of([{"amount": Decimal("42.1")}], types, at)])

    assert values_of(stacked, ABSENT) == ["amount", "n"]
    assert values_of(stacked, "amount") == [None, Decimal("42.1")]
    assert values_of(stacked, PROBLEMS) == [None, None]
