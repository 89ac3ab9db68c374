"""A company as JSON values and back: what ``--state`` keeps between two runs.

Amounts stay exact as {"decimal": text}.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from sandbox.chargeover.clock import Clock
from sandbox.chargeover.company import Company
from sandbox.chargeover.lateness import Lateness
from sandbox.chargeover.settings import Settings

_PLAIN = ("next_line", "customers_of", "users_of", "quote_of", "earliest_due")
_FORMAT = 1


def dump(company: Company) -> dict[str, Any]:
    """The whole state; write it with ``json.dumps(..., default=plain)``."""
    return {
        "format": _FORMAT,
        "now": company.clock.now(),
        "random": company.random.getstate(),
        "mishaps": company.mishaps.getstate(),
        "tables": {name: {"next_id": table.next_id, "rows": list(table)} for name, table in company.tables.items()},
        "lines": company.lines,
        "applied": company.applied,
        "late": company.lateness.seen_from,
        **{name: getattr(company, name) for name in _PLAIN},
    }


def load(state: Mapping[str, Any], settings: Settings | None = None) -> Company:
    """The company that dump() described; ValueError when the format is another one."""
    if state.get("format") != _FORMAT:
        raise ValueError(f"saved state: format {state.get('format')!r} is not {_FORMAT}; delete the file to start anew")
    company = Company(settings, Clock(datetime.fromtimestamp(state["now"], UTC)))
    _go_on(company.random, state["random"])
    _go_on(company.mishaps, state.get("mishaps"))
    for name, kept in state["tables"].items():
        company.tables[name].restore(kept["rows"], kept["next_id"])
    company.lines = {kind: _by_id(lines) for kind, lines in state["lines"].items()}
    for transaction_id, shares in _by_id(state["applied"]).items():
        for invoice_id, amount in _by_id(shares).items():
            company.apply(transaction_id, invoice_id, amount)
    company.next_line = state["next_line"]
    company.customers_of, company.users_of = _by_id(state["customers_of"]), _by_id(state["users_of"])
    company.quote_of = {kind: _by_id(links) for kind, links in state["quote_of"].items()}
    company.lateness = Lateness({kind: _by_id(rows) for kind, rows in state.get("late", {}).items()})
    company.earliest_due = {kind: _by_id(dues) for kind, dues in state["earliest_due"].items()}
    return company


def _go_on(chance: Random, drawn: Sequence[Any] | None) -> None:
    if drawn is not None:
        version, numbers, gauss = drawn
        chance.setstate((version, tuple(numbers), gauss))


def _by_id(members: Mapping[str, Any]) -> dict[int, Any]:
    return {int(name): value for name, value in members.items()}


def plain(value: object) -> dict[str, str]:
    """What JSON has no word for: amounts."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    raise TypeError(f"{value!r} cannot be saved")


def exact(members: dict[str, Any]) -> Any:  # noqa: ANN401 -- an amount or the object itself
    """The ``object_hook`` that undoes plain()."""
    return Decimal(members["decimal"]) if members.keys() == {"decimal"} else members
