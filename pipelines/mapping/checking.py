"""Whether a mapping makes sense in itself: fields that ChargeOver has, names that Salesforce takes, nothing twice."""

import re
from collections.abc import Callable, Mapping
from itertools import chain

from pipelines.mapping.model import Head, Lookup, Rule
from pipelines.mapping.problem import Findings, Where, near_miss
from pipelines.mapping.scalars import number_in, quoted, truth_in

Fields = Mapping[str, str]
Sources = Mapping[str, Fields]

_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}\Z")
_CARD_OBJECTS = {"creditcard", "ach", "tokenized"}
_CARD_FIELDS = re.compile(r"(number|token|routing|cvv|cvc|account|gateway)", re.IGNORECASE)


def check_source(source: str, sources: Sources, findings: Findings) -> None:
    """``from`` names an object or the children of one."""
    if source in sources:
        return
    if source.partition(".")[0] == "tokenized":
        findings.at_value(("from",), "tokenized payment methods hold card data, which stays inside; map creditcard")
        return
    known = f"there are {', '.join(sources)}"
    findings.at_value(("from",), f"ChargeOver has no {quoted(source)}{near_miss(source, sources)}; {known}")


def check_names(rules: Mapping[str, object], lookups: Mapping[str, object], findings: Findings) -> None:
    """Field names are names, none is written twice whatever its case, a lookup's name tells its relationship."""
    first: dict[str, Where] = {}
    for where in chain((("fields", field) for field in rules), (("lookups", field) for field in lookups)):
        field = where[1]
        if not _FIELD.match(field):
            findings.at_key(where, f"{quoted(field)} is no field name; write its API name, such as Total__c")
        if field.casefold() in first:
            earlier = findings.places.key(first[field.casefold()])[0]
            findings.at_key(where, f"{quoted(field)} is already written in line {earlier}; remove one of the two")
        first.setdefault(field.casefold(), where)
        if where[0] == "lookups" and not field.lower().endswith(("__c", "id")):
            findings.at_key(where, f"{quoted(field)} is no lookup field; their names end in __c or Id, as in AccountId")


def check_marks(head: Head, findings: Findings) -> None:
    """What ``on_delete`` sets is not the external id."""
    for field in head.on_delete if isinstance(head.on_delete, dict) else ():
        if field.casefold() == head.external_id.casefold():
            findings.at_key(("on_delete", field), "the external id must not change when a record is deleted; remove it")


def check_external_id(key: str, fields: Mapping[str, object], rules: Mapping[str, Rule], findings: Findings) -> None:
    """The external id has a rule of its own that can tell records apart."""
    if key not in fields:
        near = near_miss(key, fields)
        findings.at_value(("external_id",), f"{quoted(key)} has no rule under fields{near}; add one")
        return
    rule = rules.get(key)
    if rule is not None and not rule.sources:
        findings.at_key(("fields", key), "the external id is the same for every record; give it from: and the key")
    for option in ("default", "otherwise", "take"):
        if rule is not None and option in rule.model_fields_set and rule.sources:
            text = f"{option} would give several records the same external id; remove it"
            findings.at_key(("fields", key, option), text)


def check_fields(
    source: str, known: Mapping[str, str], rules: Mapping[str, Rule], lookups: Mapping[str, Lookup], findings: Findings
) -> None:
    """Every ``from`` names a field of the source."""
    for group, pieces in (("fields", rules), ("lookups", lookups)):
        for field, piece in pieces.items():
            for at, name in enumerate(piece.from_ or ()):
                if name not in known:
                    where: Where = (group, field, "from", at)
                    if where not in findings.places.values:
                        where = (group, field, "from")
                    findings.at_value(where, unknown_field(source, name, known))


def unknown_field(source: str, name: str, known: Mapping[str, str]) -> str:
    """What to say about a field that the source does not have."""
    parent, _, children = source.partition(".")
    if source in _CARD_OBJECTS and _CARD_FIELDS.search(name):
        return f"{quoted(name)} of {source} is card data, which stays inside; map mask_number or type_name"
    if children and f"{parent}.{name}" in known:
        return f'{source} has no field {quoted(name)}, its {parent} has; write "{parent}.{name}"'
    return f"{source} has no field {quoted(name)}{near_miss(name, known)}; docs/fields.md lists what there is"


def check_only(head: Head, known: Mapping[str, str], findings: Findings) -> None:
    """``only`` names fields of the source, and values that their types can have."""
    for field, condition in head.only.items():
        if field not in known:
            findings.at_key(("only", field), unknown_field(head.source, field, known))
            continue
        if not condition.values:
            findings.at_value(("only", field), "an empty list; name at least one value")
        for value in condition.values:
            kind, possible = _KINDS.get(known[field], ("", _anything))
            if value is not None and not possible(value):
                findings.at_value(("only", field), f"{quoted(value)} never equals {field}, which is {kind}; correct it")


def _anything(_: str) -> bool:
    return True


_KINDS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "bool": ("true or false", lambda value: truth_in(value) is not None),
    "int": ("a whole number", lambda value: number_in(value) is not None),
    "decimal": ("a number", lambda value: number_in(value) is not None),
}
