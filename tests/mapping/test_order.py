"""The loading order of mappings."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.order import cycles, in_order

names = st.sampled_from("ABCDEFG")
graphs = st.dictionaries(names, st.lists(names, max_size=3), max_size=7)


def test_parents_come_first_and_equals_by_name():
    parents = {"Line": ["Invoice", "Product"], "Invoice": ["Account"], "Product": [], "Account": ["Account"]}
    assert in_order(parents) == ["Account", "Product", "Invoice", "Line"]


def test_parents_that_nobody_loads_do_not_count():
    assert in_order({"Line": ["Invoice"]}) == ["Line"]


def test_a_cycle_is_named_from_its_first_name_along_its_parents():
    parents = {"C": ["A"], "A": ["B"], "B": ["C"], "D": ["A", "D"]}
    assert cycles(parents) == [("A", "B", "C")]
    assert in_order(parents) == ["D"]


@settings(max_examples=100)
@given(graphs)
def test_everything_outside_cycles_is_loaded_once_after_its_parents(parents):
    rings = cycles(parents)
    looped = {name for ring in rings for name in ring}
    order = in_order(parents)
    assert sorted(order) == sorted(set(parents) - looped)
    for at, name in enumerate(order):
        assert set(parents[name]) & set(order[at + 1 :]) <= {name}


@settings(max_examples=100)
@given(graphs)
def test_a_ring_is_a_ring(parents):
    for ring in cycles(parents):
        assert len(ring) > 1
        for child, parent in zip(ring, (*ring[1:], ring[0]), strict=True):
            assert parent in parents[child]
