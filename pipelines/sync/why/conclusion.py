"""The sentence that concludes: how a field stands, and what to do about it."""

from datetime import datetime

from pipelines.ledger.owed import Owed
from pipelines.mapping.likeness import CERTAIN
from pipelines.mapping.slots import FORGOTTEN
from pipelines.salesforce.held import Held
from pipelines.sync.drift.judge import Found, Standing
from pipelines.sync.reasons import reason_of
from pipelines.sync.why.explained import Explained

_SAID = {
    Standing.AGREES: "agrees with what was accepted last",
    Standing.NOT_SENT: "not sent: ChargeOver has nothing for it, so Salesforce keeps what it has",
    Standing.UNKNOWN: "cannot be told: it does not look as it was sent, and ChargeOver does not say any more what that "
    "was",
}


def of_row(row: Explained) -> str:
    """What is to be said of the row as a whole; empty when each field says it."""
    key = f"{row.mapping.to} {row.external_id}".strip()
    if row.theirs.elsewhere is not None:
        return (f"drift: somebody has given the row another external id in Salesforce, "
                f"{row.theirs.elsewhere.external_id!r}{_by(row.theirs.elsewhere)}; write {row.external_id!r} there "
                "again, before a sync makes a second row")  # fmt: skip
    if row.is_missing:
        return (f"drift: {key} was deleted in Salesforce; the Recycle Bin says by whom. co2sf drift {row.mapping.name} "
                "--whole --take-back makes it anew")  # fmt: skip
    if row.known is not None and row.known.gone:
        return f"{key} was deleted by co2sf, as on_delete says: ChargeOver no longer has it"
    if row.owed is not None:
        return f"owed: {_owed(row.owed)}"
    return _not_made(row, key)


def _not_made(row: Explained, key: str) -> str:
    current, record_id = row.ours.current, row.target.record_id
    record = f"{row.mapping.object} {record_id}"
    if record_id in current.gone:
        return f"ChargeOver no longer has {record}: the row stays as on_delete says ({row.mapping.on_delete})"
    if record_id in current.outside and row.ours.row is None:
        return f"{record} is outside the mapping (only): nothing is sent of it any more"
    if record_id in current.rejected and row.ours.row is None:
        return f"rejected: the mapping makes no row of {record}: {current.rejected[record_id]}"
    if row.known is None:
        return f"{key} has never landed: the next sync brings it, if ChargeOver has it"
    return ""


def of_field(row: Explained, found: Found) -> str:
    """How one field stands, and why."""
    if row.theirs.trouble:
        return f"what Salesforce holds is not known; {_without_salesforce(row, found)}"
    if row.theirs.held is None:
        return "the row is not in Salesforce"
    if found.standing is Standing.DRIFT:
        return _drift(row, found, row.theirs.held)
    if found.standing is Standing.PENDING:
        return _pending(row, found, row.theirs.held)
    if found.standing is Standing.AGREES and found.becomes and not row.stands:
        return "agrees"
    return _SAID[found.standing]


def _drift(row: Explained, found: Found, held: Held) -> str:
    policy, name = row.mapping.drift_of(found.name), row.mapping.name
    todo = {
        "alert": f"co2sf drift {name} --whole --take-back sends it again; if Salesforce is right, correct ChargeOver",
        "take back": "the check not_drifted sends it again by itself (drift: take back)",
        "leave": "it stays until ChargeOver changes it (drift: leave)",
    }
    return f"drift: Salesforce does not hold what it has accepted{_by(held)}; {todo[policy]}"


def _pending(row: Explained, found: Found, held: Held) -> str:
    if row.owed is not None:
        return f"owed: {_owed(row.owed)}"
    if row.known is not None and not row.known.fingerprint:
        return "will be updated by the next sync: what Salesforce has accepted last is not certain"
    if found.accepted == FORGOTTEN:
        return "will be updated by the next sync: it was changed in Salesforce, and is taken back"
    question = row.theirs.question
    is_other = question is not None and question.shapes[found.name].type in CERTAIN and not found.as_accepted
    also = f"; Salesforce holds something else than it has accepted, too{_by(held)}" if is_other else ""
    return f"will be updated by the next sync: ChargeOver has another value than the one that was accepted{also}"


def _without_salesforce(row: Explained, found: Found) -> str:
    if found.becomes is None:
        return "nor what ChargeOver has"
    if row.owed is not None and found.becomes.slot != found.accepted:
        return f"owed: {_owed(row.owed)}"
    if found.becomes.slot == found.accepted:
        return "it has accepted what ChargeOver has now"
    return "the next sync sends what ChargeOver has now"


def _owed(owed: Owed) -> str:
    reason = reason_of(owed)
    field = f" {owed.field}" if owed.field else ""
    return (f"{owed.verdict} since {moment(owed.first_at)} with {owed.code}{field}: {reason.cause}. "
            f"What to do: {reason.advice}")  # fmt: skip


def _by(held: Held) -> str:
    """Who has changed the row last: whose change of this field it was, only field history would tell."""
    who = held.changed_by or held.changed_by_id
    return f" (the row was last changed by {who} on {moment(held.changed_at)})" if who and held.changed_at else ""


def moment(at: datetime) -> str:
    """A moment in UTC, as texts say it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
