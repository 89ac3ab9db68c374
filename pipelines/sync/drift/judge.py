"""Judging one field: what was accepted, what the record becomes now, what Salesforce holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipelines.mapping.becoming import printed
from pipelines.mapping.create_only import is_create_only
from pipelines.mapping.likeness import CERTAIN, alike, fragments
from pipelines.mapping.scalars import Value
from pipelines.mapping.slots import LEFT_OUT, slot
from pipelines.salesforce.held import Parent
from pipelines.sync.drift.current import Becomes
from pipelines.sync.drift.question import Question

Values = Mapping[str, Value | Parent]


class Standing(StrEnum):
    """How one field stands."""

    AGREES = "agrees"
    DRIFT = "drift"
    PENDING = "pending"
    """What ChargeOver has now is not what was accepted, or what was accepted is not certain."""
    NOT_SENT = "not sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """One field from all sides; ``becomes`` is None when ChargeOver cannot say it, ``accepted`` when it is unknown."""

    name: str
    standing: Standing
    held: Value | Parent
    becomes: Becomes | None
    accepted: str | None
    as_accepted: bool = True
    """Whether what is held has the form in which it was accepted; where it has not, it may still be the same."""

    can_be_sent: bool = True
    """Whether Salesforce takes it in an update."""

    @property
    def sent(self) -> Value:
        """What was accepted, in words; only known when it is what the record still becomes."""
        return self.becomes.value if self.becomes and self.becomes.slot == self.accepted else None


def judged(
    question: Question, accepted: Mapping[str, str], becomes: Mapping[str, Becomes] | None, held: Values
) -> list[Found]:
    """All fields of a row that Salesforce holds; ``accepted`` has slots, without those that are not known."""
    found = []
    for name in question.shapes:
        one = becomes[name] if becomes is not None else None
        was = accepted.get(name)
        standing = _standing(question, name, was, one, held[name])
        as_accepted = was is None or _was_sent(question, name, was, held[name])
        can_be_sent = not is_create_only(question.shapes[name])
        found.append(Found(name, standing, held[name], one, was, as_accepted, can_be_sent))
    return found


def seems_unlike(question: Question, accepted: Mapping[str, str], held: Values) -> bool:
    """Whether any field is not held in the form in which it was accepted; it may still be the same."""
    return any(
        accepted[name] != LEFT_OUT and not _was_sent(question, name, accepted[name], value)
        for name, value in held.items()
    )


def _standing(
    question: Question, name: str, accepted: str | None, becomes: Becomes | None, held: Value | Parent
) -> Standing:
    if LEFT_OUT in {accepted, becomes.slot if becomes else None}:
        return Standing.PENDING if becomes and not becomes.is_left_out else Standing.NOT_SENT
    if becomes is None:
        return _by_hash(question, name, accepted, held)
    is_same = _is_held(question, name, becomes.value, held)
    if becomes.slot == accepted:
        return Standing.AGREES if is_same else Standing.DRIFT
    return Standing.AGREES if accepted is None and is_same else Standing.PENDING


def _by_hash(question: Question, name: str, accepted: str | None, held: Value | Parent) -> Standing:
    if accepted is None:
        return Standing.UNKNOWN
    if _was_sent(question, name, accepted, held):
        return Standing.AGREES
    return Standing.DRIFT if question.shapes[name].type in CERTAIN else Standing.UNKNOWN


def _was_sent(question: Question, name: str, accepted: str, held: Value | Parent) -> bool:
    if isinstance(held, Parent):
        return held.external_id is not None and slot(f'"{name}":{printed(held.external_id)}') == accepted
    return any(slot(each) == accepted for each in fragments(name, held, question.shapes[name]))


def _is_held(question: Question, name: str, sent: Value, held: Value | Parent) -> bool:
    """A lookup is held by its parent's external id, which Salesforce finds without regard to case."""
    if isinstance(held, Parent):
        return held.external_id is not None and str(sent).casefold() == held.external_id.casefold()
    if name in question.mapping.lookups:
        return sent is None and held is None
    return alike(sent, held, question.shapes[name], is_rich=question.is_rich(name))
