"""The made-up company: the same every time, of the promised size and variety, and kept in a file without loss."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from sandbox.chargeover import Settings, state
from sandbox.chargeover.generator import generate
from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.writing import text

UNTIL = datetime(2026, 3, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def made():
    return generate(400, months=6, seed=1, until=UNTIL)


def rows(company):
    return {
        name: [kind.shown(company, row, alone=True) for row in company.tables[name]] for name, kind in KINDS.items()
    }


def test_the_same_seed_makes_the_same_company():
    first, second, other = (generate(30, seed=seed, until=UNTIL) for seed in (7, 7, 8))
    assert rows(first) == rows(second)
    assert rows(first) != rows(other)


def test_eight_thousand_customers_would_make_about_a_hundred_thousand_rows(made):
    kinds = ("customer", "user", "item", "package", "invoice", "transaction", "quote", "creditcard", "ach")
    count = sum(len(made.tables[name]) for name in kinds) + sum(map(len, made.applied.values()))
    count += sum(len(lines) for held in made.lines.values() for lines in held.values())
    assert 90_000 < count * 8_000 / 400 < 115_000


def test_it_has_every_sort_of_thing(made):
    found = rows(made)
    assert {row["currency_iso4217"] for row in found["customer"]} >= {"USD", "EUR", "GBP", "JPY"}
    assert any(row["parent_customer_id"] for row in found["customer"])
    assert any("🎉" in row["company"] for row in found["customer"])
    assert any(row["superuser_id"] is None for row in found["customer"])
    assert {row["invoice_status_str"] for row in found["invoice"]} == {
        "open-unpaid", "open-overdue", "closed-paid", "closed-void",
    }  # fmt: skip
    assert any(row["total"] == 0 for row in found["invoice"])
    assert any(0 < row["balance"] < row["total"] for row in found["invoice"])
    assert {row["package_status_str"] for row in found["package"]} >= {
        "active-current", "active-overdue", "canceled-manual", "suspended-suspended",
    }  # fmt: skip
    assert {row["transaction_type"] for row in found["transaction"]} == {"pay", "cre", "ref"}
    assert {row["gateway_status"] for row in found["transaction"]} == {0, 1}
    assert any(row["void_datetime"] for row in found["transaction"])
    assert {row["quote_status_str"] for row in found["quote"]} >= {"closed-won", "closed-lost"}
    assert any(row["packages"] and row["invoices"] for row in found["quote"])
    assert any(row["amount"] != int(row["amount"]) for row in found["transaction"])
    yen = [row for row in found["invoice"] if row["currency_iso4217"] == "JPY"]
    assert yen
    assert all(row["balance"] == int(row["balance"]) for row in yen)


def test_nothing_happened_after_its_present(made):
    latest = max(row["transaction_datetime"] for row in made.tables["transaction"])
    assert latest < UNTIL.timestamp()
    assert made.clock.moment().replace(second=0) >= UNTIL
    assert not made.happenings


def test_settings_reach_the_made_up_company():
    made = generate(2, seed=1, until=UNTIL, settings=Settings(zone=ZoneInfo("Europe/Berlin"), datetimes="zoneless"))
    assert " " in KINDS["customer"].shown(made, made.tables["customer"].rows[1])["write_datetime"]


def test_a_saved_company_comes_back_row_for_row(made):
    kept = json.loads(json.dumps(state.dump(made), default=state.plain), object_hook=state.exact)
    back = state.load(kept)
    back.clock = made.clock
    assert text(rows(back)) == text(rows(made))
    assert back.token() == made.token()
    assert back.mishaps.random() == made.mishaps.random()
    assert isinstance(back.tables["invoice"].rows[10000]["total"], Decimal)
    assert back.tables["customer"].next_id == made.tables["customer"].next_id


def test_a_state_of_another_format_is_refused_in_words():
    with pytest.raises(ValueError, match="format 99 is not 1"):
        state.load({"format": 99})
