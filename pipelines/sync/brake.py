"""The brake: that many deletes at once are more likely an outage than the truth, so a person must agree to them."""

from collections.abc import Collection

from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.ledger.ledger import Ledger

_always_believed = 10


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
    """Why these deletes cannot be believed, empty when they can; ``missing`` are those that earlier stretches of the
    sweep under way have found. ChargeOver is also asked how many records it has: one that answers "nothing" to
    everything would else delete a few rows in each run."""
    ours = ledger.record_ids(kind.name, sobjects, min(gone) - 1, max(gone)) & set(gone) if gone else set()
    if not ours:
        return ""
    known = ledger.count_records(kind.name, sobjects)
    shown = chargeover.on_behalf_of("sweep").count(kind.name, [])
    total, most = max(len(ours) + missing, known - shown), max(_always_believed, known * percent // 100)
    if total <= most and (shown or len(ours) == known):
        return ""
    return (f"{kind.name}: ChargeOver no longer has {total} of the {known} records that are in Salesforce, and more "
            f"than {most} at once are not believed; none was treated as deleted. If they are meant to be gone, run "
            "co2sf sync --accept-deletes")  # fmt: skip
