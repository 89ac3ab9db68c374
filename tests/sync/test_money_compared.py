"""The pure part of comparing money: sums by group, and what is said about one row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.chargeover.catalog import vocabulary
from pipelines.errors import EditFile
from pipelines.ledger.rows import Known
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.slots import slots_of
from pipelines.salesforce.totals import Held
from pipelines.sync.money.entry import Entry
from pipelines.sync.money.group import Group, Span
from pipelines.sync.money.judge import UNEXPLAINED, Case, Why, judged
from pipelines.sync.money.measure import measures_of
from pipelines.sync.money.sums import Sum, differing, totals_of
from pipelines.sync.row import Row

noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
october = Group("2026-10", "USD")
scales = {"Total__c": 2, "Balance__c": 2}
cents = st.integers(-(10**11), 10**11).map(lambda number: Decimal(number).scaleb(-2))
some = settings(max_examples=60)
groups = st.builds(Group, st.sampled_from(["2026-09", "2026-10", ""]), st.sampled_from(["USD", "EUR"]))


@pytest.fixture(scope="session")
def shipped(pytestconfig):
    mappings = read_mappings(pytestconfig.rootpath / "mappings", vocabulary()).mappings
    return {each.mapping.to: each for each in measures_of(mappings)}


@pytest.fixture(scope="session")
def measure(shipped):
    return shipped["ChargeOver_Invoice__c"]


def entry_of(measure, amounts, group=october, noted_at=None):
    """An entry, and what the ledger knows once it has landed."""
    fields = {**amounts, "Invoice_Date__c": f"{group.month}-01", "Currency_Code__c": group.currency}
    (slots,) = slots_of({name: [f"{name}:{fields.get(name)}"] for name in measure.mapping.written}, 1)
    row = Row(measure.mapping, "7", 7, 1, noon, "{}", {}, f"print of {sorted(fields.items())}", slots)
    return Entry(row, group, amounts, noted_at), Known("invoice", 7, row.fingerprint, noon, "a01", slots=slots)


def held_of(amounts, group=october):
    return Held("7", "a01", group.month, group.currency, amounts)


def judge(measure, entry, held, before, after, *, owed=False):
    return judged(Case("7", entry, held, before, after, owed, noon - timedelta(hours=1)), measure, scales)


def why(*case, **more):
    found = judge(*case, **more)
    return found and found.why


@some
@given(st.lists(st.tuples(groups, cents)))
def test_sums_agree_whatever_the_order_and_the_noise_of_binary_fractions(rows):
    exact = totals_of((group, 1, {"Total__c": amount}) for group, amount in rows)
    floats = {}
    for group, amount in reversed(rows):
        total = floats.setdefault(group, [0, 0.0])
        total[0] += 1
        total[1] += float(amount)
    noisy = {group: Sum(count, {"Total__c": Decimal(str(total))}) for group, (count, total) in floats.items()}

    assert differing(exact, noisy, scales) == set()


@some
@given(st.lists(st.tuples(groups, cents), min_size=1), st.data())
def test_a_cent_more_or_a_row_less_differs_in_its_group_alone(rows, data):
    ours = totals_of((group, 1, {"Total__c": amount}) for group, amount in rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    group, amount = rows[place]
    more = [*rows[:place], (group, amount + Decimal("0.01")), *rows[place + 1 :]]
    less = [*rows[:place], *rows[place + 1 :]]

    for changed in (more, less):
        theirs = totals_of((group, 1, {"Total__c": amount}) for group, amount in changed)
        assert differing(ours, theirs, scales) == {group}


@some
@given(cents, cents, groups, groups)
def test_a_difference_weighs_just_what_its_groups_lack(measure, ours, theirs, here, there):
    entry, known = entry_of(measure, {"Total__c": ours}, here)
    found = judge(measure, entry, held_of({"Total__c": theirs}, there), known, known)

    if (ours, here) == (theirs, there):
        assert found is None
        return
    assert found.why is Why.CHANGED
    weights = {group: found.weight(group, "Total__c") for group in (here, there)}
    assert weights == ({here: theirs - ours} if here == there else {here: -ours, there: theirs})


@some
@given(st.booleans(), st.booleans(), st.booleans(), cents, cents)
def test_what_is_owed_or_moves_meanwhile_is_never_unexplained(measure, is_owed, shown, held, ours, theirs):
    entry, known = entry_of(measure, {"Total__c": ours})
    after = known if is_owed else replace(known, observed_at=noon + timedelta(seconds=1))
    row = held_of({"Total__c": theirs}) if held else None

    assert why(measure, entry if shown else None, row, known, after, owed=is_owed) not in UNEXPLAINED


def test_a_row_is_judged_by_what_the_ledger_knows_of_it(measure):
    entry, known = entry_of(measure, {"Total__c": Decimal(5)})
    old = replace(known, slots=entry_of(measure, {"Total__c": Decimal(4)})[1].slots, fingerprint="other")
    under_way, gone = replace(known, fingerprint=""), replace(known, gone=True)
    five, four = held_of({"Total__c": Decimal(5)}), held_of({"Total__c": Decimal(4)})

    assert why(measure, entry, five, known, known) is None
    assert why(measure, entry, four, known, known) is Why.CHANGED
    assert why(measure, entry, None, known, known) is Why.MISSING
    assert why(measure, entry, four, old, old) is Why.IN_FLIGHT
    assert why(measure, entry, four, under_way, under_way) is Why.IN_FLIGHT
    assert why(measure, entry, None, None, None) is Why.IN_FLIGHT
    assert why(measure, None, four, None, None) is Why.EXTRA
    assert why(measure, None, four, known, known) is Why.KEPT
    assert why(measure, None, four, gone, gone) is Why.EXTRA
    assert why(measure, None, None, known, known) is None


def test_what_chargeover_dates_long_ago_and_has_not_landed_is_late(measure):
    entry = entry_of(measure, {"Total__c": Decimal(5)}, noted_at=noon - timedelta(hours=2))[0]
    four = entry_of(measure, {"Total__c": Decimal(4)})[1]
    older = replace(four, observed_at=noon - timedelta(hours=3))

    assert why(measure, entry, None, None, None) is Why.LATE
    assert why(measure, entry, held_of({"Total__c": Decimal(4)}), older, older) is Why.LATE
    # seen after the time that the record bears: whatever differs now has changed without one
    assert why(measure, entry, held_of({"Total__c": Decimal(4)}), four, four) is Why.IN_FLIGHT


def test_surplus_decimals_that_salesforce_rounds_or_cuts_are_no_difference(measure):
    entry, known = entry_of(measure, {"Total__c": Decimal("1.005"), "Balance__c": Decimal("1.00")})

    for stored in ("1.00", "1.01"):
        row = held_of({"Total__c": Decimal(stored), "Balance__c": Decimal(1)})
        assert why(measure, entry, row, known, known) is None
    row = held_of({"Total__c": Decimal("1.02"), "Balance__c": Decimal("1.01")})
    assert judge(measure, entry, row, known, known).fields == ("Total__c", "Balance__c")


def test_empty_and_zero_are_the_same_money_and_what_a_mapping_does_not_say_is_not_compared(measure):
    entry, known = entry_of(measure, {"Total__c": None})
    row = held_of({"Total__c": Decimal(0), "Balance__c": Decimal(9)})
    assert why(measure, entry, row, known, known) is None


def test_what_is_compared_follows_from_the_mapping(shipped):
    found = {name: (each.asked.currency, each.asked.day, each.is_summable) for name, each in shipped.items()}
    assert found == {
        "Account": ("ChargeOver_Currency_Code__c", "", True),
        "ChargeOver_Subscription__c": ("Currency_Code__c", "", True),
        "ChargeOver_Invoice__c": ("Currency_Code__c", "Invoice_Date__c", True),
        "ChargeOver_Invoice_Line__c": ("Currency_Code__c", "Invoice__r.Invoice_Date__c", False),
        "ChargeOver_Transaction__c": ("Currency_Code__c", "Transaction_Date__c", True),
        "ChargeOver_Applied_Payment__c": ("Currency_Code__c", "Transaction__r.Transaction_Date__c", False),
        "ChargeOver_Quote__c": ("Currency_Code__c", "Quote_Date__c", True),
        "ChargeOver_Quote_Line__c": ("Currency_Code__c", "Quote__r.Quote_Date__c", False),
    }
    assert set(shipped["ChargeOver_Transaction__c"].amounts) == {"Amount__c", "Fee__c", "Applied__c", "Unapplied__c"}


@pytest.mark.parametrize("written", ["2026", "2026-13", "10-2026", "2026-1"])
def test_a_month_that_is_none_is_refused(written):
    with pytest.raises(EditFile, match="such as 2026-10"):
        Span.of(written)


def test_a_span_around_groups_ends_with_the_last_day_of_a_month():
    span = Span.around([Group("2026-12", "USD"), Group("2026-02", "EUR")])
    assert (str(span.first), str(span.last)) == ("2026-02-01", "2026-12-31")
    assert Span.around([Group("2026-12", "USD"), Group("", "USD")]) is None
