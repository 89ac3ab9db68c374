"""How large a load is: whether a mapping has so many rows to send that a file is the better way."""

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.frame import values_of
from pipelines.sync.staged import Staged


def has_many(staged: Staged, ledger: Ledger, many: int) -> bool:
    """Whether at least so many of the staged rows are not as Salesforce accepted them last."""
    if staged.manifest.rows["payloads"] < many:
        return False
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
