"""What this ChargeOver account supports: probed once, remembered in the ledger."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.probe import probe, questions
from pipelines.chargeover.timekeeping import FITS
from pipelines.ledger.ledger import Ledger

_asked_at, _asked_zone = "asked_at", "asked_zone"
_of_settings = frozenset({"datetimes", "zone"})
_day = timedelta(days=1)


def capabilities(
    chargeover: ChargeOver, ledger: Ledger, account: str, zone: ZoneInfo, at: datetime, *, again: bool = False
) -> dict[str, str]:
    """What the ledger knows of the account; ChargeOver is asked when it knows nothing, or ``again``.

    What its records could not show yet, and what a person may have mended, is asked for once a day, and what depends
    on the zone as soon as that is another. Raises TryLater, the ledger being as it was."""
    known = ledger.capabilities(account)
    is_due = again or not _was_asked(known, at)
    asked = _asked(known, zone, everything=again or _asked_at not in known, is_due=is_due)
    if not asked:
        return known
    found = probe(chargeover, zone, known=questions() - asked)
    found |= {_asked_at: at.isoformat()} if is_due else {}
    found |= {_asked_zone: zone.key} if "zone" in found else {}
    ledger.learn(account, found, at)
    return known | found


def has_wrong_times(known: Mapping[str, str]) -> bool:
    """Whether times cannot be read, or are not those of the zone that was set: a person must mend the settings."""
    return known.get("zone", FITS) != FITS or known.get("datetimes") == "unreadable"


def _was_asked(known: Mapping[str, str], at: datetime) -> bool:
    """Whether the account was asked less than a day ago."""
    then = known.get(_asked_at)
    return then is not None and timedelta(0) <= at - datetime.fromisoformat(then) < _day


def _asked(known: Mapping[str, str], zone: ZoneInfo, *, everything: bool, is_due: bool) -> set[str]:
    if everything:
        return questions()
    moved = _of_settings if known.get(_asked_zone, zone.key) != zone.key else frozenset()
    wrong = _of_settings if has_wrong_times(known) else frozenset()
    denied = {name for name, found in known.items() if found == "no"} & questions()  # perhaps by a proxy, that day
    return {*moved, *((questions() - known.keys()) | denied | wrong if is_due else ())}
