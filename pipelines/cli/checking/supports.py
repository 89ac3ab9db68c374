"""What an account supports, in plain sentences, and what follows from it."""

from collections.abc import Iterator

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.probe import questions_of
from pipelines.chargeover.timekeeping import FITS
from pipelines.cli.checking.account import Account
from pipelines.cli.duration import duration

PLURAL = {
    "customer": "customers",
    "user": "contacts",
    "item": "items",
    "package": "subscriptions",
    "invoice": "invoices",
    "transaction": "transactions",
    "quote": "quotes",
    "creditcard": "cards",
    "ach": "bank accounts",
}
Line = tuple[str, str, str]


def lines(account: Account) -> Iterator[Line]:
    """What was asked, the answer, and what follows; for the objects that were counted, and for the account."""
    for name in account.costs:
        for question in questions_of(CATALOG[name]):
            verb, _, path = question.partition(" ")
            field = path.partition(".")[2]
            what = f"can be filtered by {field}" if verb == "filter" else f"come with their {field}"
            so = _of_filter(account, name, field) if verb == "filter" else _of_node(account, name, field)
            answer = account.can.get(question, "unknown")
            yield f"{PLURAL[name]} {what}", answer, f"no record tells yet; {so}" if answer == "unknown" else so
    yield from _of_account(account)


def _of_filter(account: Account, name: str, field: str) -> str:
    kind, plural, calls = account.kind(name), PLURAL[name], account.costs[name].watch or 0
    every = f"every {duration(account.settings.look_every_seconds)} ({calls:,} {'call' if calls == 1 else 'calls'} now)"
    if field == kind.key:
        return "lists are paged by id" if kind.keyset else "lists are paged by overlapping offsets"
    if field in kind.cursors:
        recent = kind.watched.days if kind.watched and kind.watched.recent == field else 0
        return f"asked for changes every {duration(account.settings.poll_seconds)}" + (
            f"; those of {recent} days are compared {every}" if recent else ""
        )
    if kind.watched and not kind.watched.field:
        return f"all {plural} are compared {every}"
    if kind.watched and field == kind.watched.field:
        return f"only those with {kind.watched.where} are compared {every}"
    return "what it would show, a watch or a sweep does"


def _of_node(account: Account, name: str, node: str) -> str:
    if node in account.kind(name).expand:
        return "a page shows them whole"
    return f"each is read alone: a sweep takes {account.costs[name].sweep:,} calls"


def _of_account(account: Account) -> Iterator[Line]:
    can, zone = account.can, account.settings.zone.key
    limit, fits = can.get("page_limit", "unknown"), can.get("zone", "unknown")
    some = "too few records tell yet; " if limit == "unknown" else ""
    yield "the longest page", limit, f"{some}lists are read {account.page_limit} records at a time"
    written = can.get("datetimes", "unknown")
    follows = {"offset": "each says its own offset", "zoneless": f"they are read in {zone}",
               "unreadable": "no time can be compared"}  # fmt: skip
    yield "datetimes are written", written, follows.get(written, "no record tells yet")
    answer = fits if fits in {FITS, "unknown"} else "no"
    follow = {FITS: f"it is {zone}", "unknown": "no time tells yet"}
    yield "its zone is CHARGEOVER_ZONE", "yes" if answer == FITS else answer, follow.get(fits, fits)
