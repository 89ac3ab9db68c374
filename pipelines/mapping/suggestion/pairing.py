"""Which ChargeOver field is meant by which Salesforce field, how sure that is, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.mapping.shape import FieldShape, SObjectShape
from pipelines.mapping.suggestion.fitting import way_into
from pipelines.mapping.suggestion.naming import Words, likeness, words_of, words_of_field
from pipelines.mapping.suggestion.rule import is_writeable

_least, _likely, _sure = 0.55, 0.7, 0.9
_less = 0.97
_of_others = ("admin_", "brand_", "class_")
"""Fields that say less about the record itself than another with the same words does, as those of its parent."""
_by_codes = 1.02
_said_otherwise = 0.9


@dataclass(frozen=True, slots=True)
class Origin:
    """A ChargeOver object or kind of children, as a draft needs to know it."""

    source: str
    types: Mapping[str, str]
    key: tuple[str, ...]
    """What tells its records apart, together."""
    words: Mapping[str, Mapping[str, str]]
    """Field to the words that ChargeOver writes there, each with its meaning."""

    @property
    def own(self) -> Words:
        """The words that name it."""
        return words_of(self.source.rpartition(".")[2]) | words_of(self.source.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Pair:
    """A guess: this field comes from that one, by this conversion."""

    target: FieldShape
    source: str
    conversion: str
    score: float
    why: str

    @property
    def certainty(self) -> str:
        """How sure it is, in a word."""
        return "sure" if self.score >= _sure else "likely" if self.score >= _likely else "guess"


def pairs(origin: Origin, shape: SObjectShape, taken: Collection[str]) -> dict[str, Pair]:
    """Field name to its pair, without the fields ``taken``; each side is used once, the likest first."""
    found = [
        pair
        for target in shape.fields.values()
        if target.name not in taken and _is_free(target)
        for name in origin.types
        if (pair := _pair(origin, shape, target, name)) is not None
    ]
    chosen: dict[str, Pair] = {}
    used: set[str] = set()
    for pair in sorted(found, key=lambda each: (-each.score, each.target.name, each.source)):
        if pair.target.name not in chosen and pair.source not in used:
            chosen[pair.target.name] = pair
            used.add(pair.source)
    return chosen


def _is_free(target: FieldShape) -> bool:
    return is_writeable(target) and target.type not in {"reference", "id"}


def _pair(origin: Origin, shape: SObjectShape, target: FieldShape, name: str) -> Pair | None:
    conversion, suits = way_into(origin.types[name], target)
    own = words_of(shape.name) | origin.own
    mine = words_of_field(origin.source, name, origin.types, own)
    like_name, like_label = (_likest(mine, words_of(each, own)) for each in (target.name, target.label))
    score = max(like_name, like_label) * suits
    if "." in name or name.startswith(_of_others):
        score *= _less
    if target.type == "picklist" and name in origin.words:
        score *= _by_codes
    if score < _least:
        return None
    why = f"{name} is like {'the name' if like_name >= like_label else f'the label {target.label}'}"
    return Pair(target, name, conversion, score, f"{why}, and {origin.types[name]} suits {target.type}")


def _likest(mine: Sequence[Words], theirs: Words) -> float:
    """How like it is to the words of a field, or nearly as much to those that people also use."""
    first, *others = (likeness(each, theirs) for each in mine)
    return max(first, *(each * _said_otherwise for each in others), 0.0)
