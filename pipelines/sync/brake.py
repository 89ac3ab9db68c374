"""The brake: that many deletes at once are more likely an outage than the truth, so a person must agree to them."""

from collections.abc import Collection

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.ledger.ledger import Ledger
from pipelines.sync.absent import count_known, known_ids

_always_believed = 10


def most_believed(known: int, percent: int) -> int:
    """How many of the known records may go at once."""
    return max(_always_believed, known * percent // 100)


def disbelief(
    chargeover: ChargeOver,
    ledger: Ledger,
    kind: Object,
    sobjects: Collection[str],
    gone: Collection[int],
    *,
    missing: int,
    percent: int,
) -> str:
    """Why these deletes cannot be believed, empty when they can; ``missing`` are others that the sweep under way did
    not find. ChargeOver is also asked how many records it has: one that answers "nothing" to everything would else
    delete a few rows in each run."""
    ours = known_ids(ledger, kind.name, sobjects, min(gone) - 1, max(gone)) & set(gone) if gone else set()
    if not ours and not missing:
        return ""
    known = count_known(ledger, kind.name, sobjects)
    most, shown = most_believed(known, percent), chargeover.on_behalf_of("sweep").count(kind.name, [])
    total = max(len(ours) + missing, known - shown)
    if total <= most and (shown or total == known):
        return ""
    return says(kind.name, f"{total} of the {known} records that are in Salesforce", most)


def says(object_name: str, what: str, most: int) -> str:
    """What a person is told."""
    return (f"{object_name}: ChargeOver no longer has {what}, and more than {most} at once are not believed; none was "
            "treated as deleted. If they are meant to be gone, run co2sf sync --accept-deletes")  # fmt: skip
