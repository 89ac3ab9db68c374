"""References to records that other mappings load."""

from collections.abc import Mapping

from pipelines.mapping.shape import FieldShape
from pipelines.mapping.suggestion.naming import likeness, words_of, words_of_field
from pipelines.mapping.suggestion.pairing import Origin
from pipelines.mapping.suggestion.rule import Rule, is_writeable

_least = 0.5


def lookup_of(origin: Origin, sobject: str, target: FieldShape, parents: Mapping[str, str]) -> Rule | None:
    """A reference to a record that another mapping loads, from the id that is likest to its name; None when there is
    none, or no id is like it."""
    to = next((each for each in target.reference_to if each in parents), None)
    if to is None or not is_writeable(target) or not target.name.lower().endswith(("__c", "id")):
        return None
    ids = [name for name, kind in origin.types.items() if kind == "int" and name.endswith("_id")]
    if to == sobject or "." in origin.source:
        ids = [name for name in ids if (name,) != origin.key]  # its own id names no other record
    scores = {name: _likeness_of_parent(origin, target, name, to, parents[to]) for name in ids}
    best = max(scores, key=lambda name: (scores[name], "." not in name), default="")
    if not best or scores[best] < _least:
        return None
    certainty = "sure" if scores[best] >= 1 else "likely"
    note = f"{certainty}: {best} names the {to} that {target.name} looks up"
    return Rule(target.name, (best,), note, {"to": to})


def _likeness_of_parent(origin: Origin, target: FieldShape, name: str, to: str, key: str) -> float:
    """A bit more for an id of the parent's kind, and for that of the parent whose child the record is."""
    mine = words_of_field(origin.source, name, origin.types)[0]
    alike = max(likeness(mine, words_of(each)) for each in (target.name, target.label, to))
    is_parent = name == f"{origin.source.partition('.')[0]}.{key}"
    last = name.rpartition(".")[2]
    return alike + (0.5 if last == key else 0.4 if last.endswith(key) else 0) + (0.1 if is_parent else 0)
