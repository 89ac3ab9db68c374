"""The brake: that many deletes at once are more likely an outage than the truth, so a person must agree to them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pipelines.chargeover.object import Object
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.walks import Walk
from pipelines.mapping.model import Mapping

_always_believed = 10


def disbelief(
    ledger: Ledger, kind: Object, mappings: Sequence[Mapping], gone: Collection[int], missing: int, percent: int
) -> str:
    """Empty when so many deletes can be believed, else why not; ``missing`` are those of the sweep under way that
    earlier runs have treated already."""
    sobjects = [each.to for each in mappings]
    known = ledger.count_records(kind.name, sobjects)
    ours = ledger.record_ids(kind.name, sobjects, min(gone) - 1, max(gone)) & set(gone) if gone else set()
    total = len(ours) + missing
    if not ours or total <= max(_always_believed, known * percent // 100):
        return ""
    return (f"{kind.name}: ChargeOver no longer knows {total} of {known} records, more than {percent} %; none of them "
            "was treated as deleted. If they are meant to be gone, run co2sf sync --full --accept-deletes")  # fmt: skip


def remember(ledger: Ledger, kind: Object, why: str, at: datetime, swept: Walk | None) -> None:
    """Keep why deletes are not believed; forget it at the end of a sweep without doubt."""
    if why:
        ledger.brake(kind.name, why, at)
    elif swept is not None and swept.ended_at is not None:
        ledger.release(kind.name)
