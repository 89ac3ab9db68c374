"""The parts of a mapping file as models: the head, one field rule, one lookup."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.mapping.complaints import SHAPES, attempt, described
from pipelines.mapping.conversions import Bound, Conversion, Unfit
from pipelines.mapping.model import Head, Lookup, Rule
from pipelines.mapping.problem import Findings, Where, near_miss
from pipelines.mapping.scalars import quoted
from pipelines.mapping.written import Tree

_RULE_KEYS = ("from", "as", "join", "take", "choices", "otherwise", "default", "value", "drift")
_UTC = ZoneInfo("UTC")


def head_of(tree: Mapping[str, Tree], findings: Findings) -> Head | None:
    """Everything but the rules and lookups, or None with the problems noted."""
    rest = {key: value for key, value in tree.items() if key not in {"fields", "lookups"}}
    head: Head | None = attempt(Head, rest, (), findings, ["fields", "lookups"])
    return head


def rule_of(field: str, node: Tree, conversions: Mapping[str, Conversion], findings: Findings) -> Rule | None:
    """One field rule with its conversion bound, or None with the problems noted."""
    where = ("fields", field)
    if isinstance(node, str):
        node = {"from": node}
    if not isinstance(node, dict):
        wanted = "write the ChargeOver field that it comes from, or {value: a constant}"
        findings.at_value(where, f"{described(node)} is no rule for {field}; {wanted}")
        return None
    bound = _bound(where, node, conversions, findings)
    said = {key: value for key, value in node.items() if key in _RULE_KEYS}
    options = {key: value for key, value in node.items() if key not in _RULE_KEYS}
    rule: Rule | None = attempt(Rule, said | {"options": options}, where, findings)
    if rule is None:
        return None
    _check_shape(where, node, rule, findings)
    if bound is None:
        return rule  # its problem is noted, and its other parts can still be checked
    rule = rule.model_copy(update={"bound": bound})
    _check_constants(where, rule, findings)
    return rule


def _bound(
    where: Where, node: dict[str, Tree], conversions: Mapping[str, Conversion], findings: Findings
) -> Bound | None:
    named = node.get("as") or "text"
    if not isinstance(named, str):
        return None  # the model complains about its shape
    if named not in conversions:
        near = near_miss(named, conversions)
        known = f"known are {', '.join(sorted(conversions))}; others go into conversions.py beside the mappings"
        findings.at_value((*where, "as"), f"unknown conversion {quoted(named)}{near}; {known}")
        return None
    conversion = conversions[named]
    options = {key: value for key, value in node.items() if key not in _RULE_KEYS}
    given = attempt(conversion.options, options, where, findings, _RULE_KEYS)
    return None if given is None else Bound(conversion, {key: getattr(given, key) for key in conversion.parameters})


def _check_shape(where: Where, node: dict[str, Any], rule: Rule, findings: Findings) -> None:
    if "value" in node and "from" in node:
        findings.at_key((*where, "value"), "a rule has either from or value; remove one")
    if "value" not in node and "from" not in node:
        findings.at_key(where, f"a rule without from; write from: and {SHAPES['from']}, or value: and a constant")
    if len(rule.sources) > 1 and (rule.join is None) == (rule.take is None):
        text = 'several fields need either join: " " between them, or take: first for the first that has a value'
        findings.at_value((*where, "from"), text)
    for key in ("join", "take"):
        if len(rule.sources) == 1 and key in node:
            findings.at_key((*where, key), f"{key} is about several fields, from names one; remove it or name more")
    if "otherwise" in node and rule.choices is None:
        findings.at_key(
            (*where, "otherwise"), "otherwise says what happens beside choices; write choices, or remove it"
        )
    if rule.choices == {}:
        findings.at_value((*where, "choices"), f"no choice at all; write {SHAPES['choices']}")
    for key in ("choices", "default", "join", "take"):
        if "value" in node and key in node:
            findings.at_key((*where, key), f"{key} has no meaning beside value, which is a constant; remove it")


def _check_constants(where: Where, rule: Rule, findings: Findings) -> None:
    """A constant that its conversion does not take would be rejected with every record: say it now."""
    convert = rule.bound.ready(_UTC)
    constants: dict[Where, object] = {("default",): rule.default}
    if rule.as_ is not None:
        constants |= {("value",): rule.value}
    constants |= {("choices", word): ours for word, ours in (rule.choices or {}).items()}
    if not isinstance(rule.otherwise, str):
        constants["otherwise", "value"] = rule.otherwise.value
    for way, constant in constants.items():
        made = convert(constant) if isinstance(constant, str) and constant.strip() else None
        if isinstance(made, Unfit):
            findings.at_value((*where, *way), f"{quoted(constant)} {made.text}")


def lookup_of(field: str, node: Tree, findings: Findings) -> Lookup | None:
    """One lookup, or None with the problems noted."""
    where = ("lookups", field)
    if not isinstance(node, dict):
        wanted = "write {from: the field that holds the parent's id, to: the parent's sObject}"
        findings.at_value(where, f"{described(node)} is no lookup; {wanted}")
        return None
    lookup: Lookup | None = attempt(Lookup, {key: node[key] for key in node if key != "field"}, where, findings)
    if "field" in node:
        findings.at_key((*where, "field"), 'unknown key "field"; a lookup has from, to, join and missing')
    if lookup is not None and (len(lookup.from_) > 1) != (lookup.join is not None):
        findings.at_key(where, "join belongs to several fields in from, and several fields need it; correct one")
    return None if lookup is None else lookup.model_copy(update={"field": field})
