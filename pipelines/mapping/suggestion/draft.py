"""A draft of a mapping: rules, lookups and what is left to do, each with how sure it is and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.mapping.shape import FieldShape, SObjectShape
from pipelines.mapping.suggestion.choosing import choices_for
from pipelines.mapping.suggestion.fitting import options_for
from pipelines.mapping.suggestion.lookups import lookup_of
from pipelines.mapping.suggestion.naming import likeness, words_of
from pipelines.mapping.suggestion.pairing import Origin, Pair, pairs
from pipelines.mapping.suggestion.rule import Rule, is_writeable

_names = ("refnumber", "company", "type_name", "name", "item_name", "nickname", "transaction_type_name", "descrip")
_more_names = {"company": ("superuser_name",), "item_name": ("descrip",)}


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a drafted mapping."""

    source: str
    to: str
    external_id: str
    rules: tuple[Rule, ...]
    lookups: tuple[Rule, ...]
    todo: tuple[str, ...]
    unmatched: tuple[str, ...]
    """Fields of the sObject that could be written and for which nothing was found."""


def draft(origin: Origin, shape: SObjectShape, parents: Mapping[str, str]) -> Draft:
    """What a mapping could be; ``parents`` are the sObjects that it may look up, each with the key of its records."""
    key, todo = _external_id(shape)
    first = [_key_rule(origin, key), *_name_rule(origin, shape, key)]
    taken = {each.target for each in first}
    found = pairs(origin, shape, taken)
    rules = [*first, *(_rule(origin, pair) for pair in found.values())]
    lookups = [rule for each in shape.fields.values() if (rule := lookup_of(origin, shape.name, each, parents))]
    written = {each.target for each in (*rules, *lookups)}
    left = [each for each in shape.fields.values() if each.name not in written and is_writeable(each)]
    required = [each for each in left if each.is_required and each.type != "boolean"]
    return Draft(
        origin.source,
        shape.name,
        key,
        tuple(_in_order(origin, rules)),
        tuple(lookups),
        (*todo, *(_required(shape, each) for each in required)),
        tuple(each.name for each in left if each not in required and each.name.endswith("__c")),
    )


def _in_order(origin: Origin, rules: Sequence[Rule]) -> list[Rule]:
    """The external id and the name first, then as ChargeOver's fields stand in its list."""
    places = {name: at for at, name in enumerate(origin.types)}
    return [*rules[:1], *sorted(rules[1:], key=lambda each: (each.target != "Name", places[each.sources[0]]))]


def _external_id(shape: SObjectShape) -> tuple[str, list[str]]:
    """The external id field, our own before others, unique before not."""
    keys = [each for each in shape.fields.values() if each.external_id and is_writeable(each)]
    if not keys:
        return "ChargeOver_Id__c", [
            f"{shape.name} has no external id field that can be written: make one, unique, and name it below"
        ]
    best = max(
        keys, key=lambda each: (each.unique, likeness(words_of(each.name), words_of("ChargeOver_Id")), each.name)
    )
    if not best.unique:
        return best.name, [f"{best.name} is not unique, so two records may carry the same id: mark it Unique"]
    return best.name, []


def _key_rule(origin: Origin, key: str) -> Rule:
    if len(origin.key) == 1:
        return Rule(key, origin.key, f"sure: {origin.key[0]} tells the records apart")
    return Rule(key, origin.key, f"sure: {' and '.join(origin.key)} together tell the records apart", {"join": "-"})


def _name_rule(origin: Origin, shape: SObjectShape, key: str) -> Iterator[Rule]:
    """A name must never be empty: the first of the fields that has a value, at last the key."""
    target = shape.fields.get("Name")
    if target is None or not is_writeable(target) or target.type != "string" or key == "Name":
        return
    best = [name for name in _names if name in origin.types][:1]
    more = [name for name in _more_names.get(best[0], ()) if name in origin.types] if best else []
    sources = (*best, *more, *origin.key[-1:]) if len(origin.key) == 1 else origin.key
    options = {"join": "-"} if len(origin.key) > 1 else {"take": "first"} if len(sources) > 1 else {}
    options |= {"max": str(target.length), "too_long": "cut"} if target.length else {}
    yield Rule("Name", sources, "likely: what people call it, else its id, so that it is never empty", options)


def _rule(origin: Origin, pair: Pair) -> Rule:
    options = {} if pair.conversion == "text" else {"as": pair.conversion}
    options |= options_for(pair.conversion, pair.target)
    sources = _lines_of_an_address(origin, pair)
    if len(sources) > 1:
        options = {"join": "\n"} | {name: value for name, value in options.items() if name != "as"}
    note = f"{pair.certainty}: {pair.why}"
    needs = _never_empty(pair.target)
    if pair.conversion != "picklist":
        return Rule(pair.target.name, sources, note, options, todo=needs)
    chosen, unknown = choices_for(origin.words.get(pair.source, {}), pair.target.values)
    if chosen:
        options |= {"otherwise": "reject" if pair.target.restricted else "keep"}
    todo = [f"{word} ({origin.words[pair.source][word]}) is like no value of {pair.target.name}" for word in unknown]
    if not chosen and pair.target.values:
        todo.append(f"say which of ChargeOver's words is which of {', '.join(pair.target.values[:8])} (choices)")
    return Rule(pair.target.name, sources, note, options, chosen, (*needs, *todo))


def _never_empty(target: FieldShape) -> tuple[str, ...]:
    is_needed = target.is_required and target.type != "boolean"
    return (f"{target.name} is required: say what an empty value becomes (default)",) if is_needed else ()


def _lines_of_an_address(origin: Origin, pair: Pair) -> tuple[str, ...]:
    """bill_addr1, bill_addr2 and bill_addr3 are one street."""
    stem = pair.source.rstrip("1")
    lines = [f"{stem}{number}" for number in (1, 2, 3)]
    is_street = pair.source.endswith("addr1") and pair.target.type in {"textarea", "string"}
    return tuple(name for name in lines if name in origin.types) if is_street else (pair.source,)


def _required(shape: SObjectShape, target: FieldShape) -> str:
    return f"{shape.name} requires {target.name} ({target.label}) and nothing is like it: add a rule, or {{value: ...}}"
