"""How large a load is: whether a mapping has so many rows to send that a file is the better way."""

from collections.abc import Sequence

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.frame import values_of
from pipelines.sync.staged import Staged

_worth_a_file = 2_000  # rows; up to there Salesforce itself advises requests (Bulk API guide)
_rows_in_a_call = 800  # of the 1,000 that fit, since not every request gets full


def files_from(work: Sequence[Staged], usual: int, calls_left: int | None) -> int:
    """From how many rows of a mapping on files are the better way: from few, where requests would take more than half
    of the calls that are left."""
    rows = sum(each.manifest.rows["payloads"] for each in work)
    are_scarce = calls_left is not None and 2 * rows > _rows_in_a_call * calls_left
    return min(usual, _worth_a_file) if are_scarce else usual


def has_many(staged: Staged, ledger: Ledger, many: int, *, resend: bool) -> bool:
    """Whether at least so many of the staged rows are to be sent, since they are not as Salesforce accepted them."""
    if resend or staged.manifest.rows["payloads"] < many:
        return staged.manifest.rows["payloads"] >= many
    found = 0
    for part in staged.payloads.parts():
        found += _differing(staged, ledger, part)
        if found >= many:
            return True
    return False


def _differing(staged: Staged, ledger: Ledger, part: int) -> int:
    frame = staged.payloads.read(part, "payloads", ["external_id", "fingerprint"])
    ids, fingerprints = values_of(frame, "external_id"), values_of(frame, "fingerprint")
    known = ledger.known(staged.mapping.to, ids)
    return sum(
        external_id not in known or known[external_id].fingerprint != fingerprint
        for external_id, fingerprint in zip(ids, fingerprints, strict=True)
    )
