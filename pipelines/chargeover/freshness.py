"""docs/freshness.md, written from the catalog: ``python -m pipelines.chargeover.freshness``."""

from collections.abc import Iterator
from pathlib import Path

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object

DOCS_PAGE = Path(__file__).parents[2] / "docs" / "freshness.md"

AGES = {
    "cursor": "seconds",
    "touched": "as what touches it",
    "watch": "10 minutes",
    "sweep": "24 hours",
}
"""How old a change can get at worst before its signal shows it, with the default settings and no webhooks."""

_HEAD = """# How fresh is what, and why

ChargeOver has no feed of changes, and `mod_datetime` stays still when a subscription is cancelled, put on hold or turns
overdue, when an invoice is paid, when a balance moves. So every kind of change has its signal, and a worst age:

- **cursor**: a time field that can be filtered by, asked every 5 seconds; the window overlaps the one before by
  `CHARGEOVER_OVERLAP_SECONDS` (120): what appears late is found by the next run, with the next watch at the latest.
- **touched**: a record names others that change with it, a payment its invoices and its customer; they are read again
  in the same run.
- **watch**: a list in which records change without a sign is read every `CHARGEOVER_LOOK_EVERY_SECONDS` (600) and
  compared with how it was; what is new, differs or has left is read again.
- **sweep**: all ids are passed within `CHARGEOVER_SWEEP_EVERY_HOURS` (24) and compared with the ledger, a few calls a
  minute; this finds deletes and whatever else was silent. `co2sf check --live` says how long it takes in your account.
- **webhook**: what ChargeOver announces is read again at once ([webhooks](webhooks.md)). Webhooks can get lost, so no
  age below relies on them.

The check `fresh` in the Dagster UI, every quarter of an hour, and `co2sf check --live` say when a change has waited for
longer than `CO2SF_FRESHNESS_MINUTES` (15), or when nobody looks for changes any more: [money and freshness](money.md).

A filter that an account refuses falls back to the next signal: without a cursor, the whole list is watched. Where the
lists of an account do not show the children of a record, a change of these alone is found by the sweep.
"""


def page() -> str:
    """The whole page as Markdown."""
    lines = ["| object | change | shown by | at worst after | why |", "|---|---|---|---|---|"]
    lines += [line for kind in CATALOG.values() for line in _lines(kind)]
    return _HEAD + "\n" + "\n".join(lines) + "\n"


def how_noticed(kind: Object) -> str:
    """How changes of the object are noticed, in a sentence."""
    parts = [f"{change}: {AGES[signal]} ({signal})" for change, signal in kind.noticed.items()]
    return "Noticed at worst after: " + "; ".join(parts) + "."


def _lines(kind: Object) -> Iterator[str]:
    for change, signal in kind.noticed.items():
        yield f"| {kind.name} | {change} | {signal} | {AGES[signal]} | {_why(kind, signal)} |"


def _why(kind: Object, signal: str) -> str:
    if signal == "cursor":
        return f"moves {' or '.join(f'`{cursor}`' for cursor in kind.cursors)}"
    if signal == "touched":
        toucher = [each.name for each in CATALOG.values() if kind.name in each.touches]
        return f"named by {' and '.join(f'`{name}`' for name in toucher)}"
    return _watched(kind) if signal == "watch" else "no marker, no filter: only a look at all records shows it"


def _watched(kind: Object) -> str:
    assert kind.watched is not None
    if kind.watched.recent:
        return f"those of the last {kind.watched.days} days by `{kind.watched.recent}` are compared"
    if kind.watched.where:
        return f"those with `{kind.watched.where}` are compared"
    return "all of them are compared: no filter shows what changed"


if __name__ == "__main__":
    DOCS_PAGE.write_text(page())
