"""A draft as the text of a mapping file; every guess carries a comment."""

import json
from collections.abc import Iterator
from textwrap import wrap

from pipelines.mapping.suggestion.draft import Draft
from pipelines.mapping.suggestion.rule import Rule
from pipelines.mapping.yaml_text import scalar

_WIDTH = 116


def text_of_draft(made: Draft, schema: str) -> str:
    """The file; ``schema`` is that of its first line."""
    drafted = f"Drafted by co2sf suggest {made.source} {made.to}: look through every line (sure, likely, guess)."
    lines = [f"# yaml-language-server: $schema={schema}", f"# {drafted}"]
    lines += [line for todo in made.todo for line in _comment(f"TODO {todo}", "")]
    lines += [f"from: {made.source}", f"to: {made.to}", f"external_id: {made.external_id}", "", "fields:"]
    lines += _group(made.rules)
    if made.lookups:
        lines += ["", "lookups:", *_group(made.lookups)]
    if made.unmatched:
        lines += ["", *_comment(f"Nothing was found for: {', '.join(made.unmatched)}", "")]
    return "\n".join([*lines, ""])


def _group(rules: tuple[Rule, ...]) -> Iterator[str]:
    width = max(len(each.target) for each in rules) + 2
    for rule in rules:
        yield from _comment(rule.note, "  ")
        for todo in rule.todo:
            yield from _comment(f"TODO {todo}", "  ")
        yield from _block(rule) if rule.choices else [f"  {f'{rule.target}:'.ljust(width)}{_flow(rule)}"]


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in wrap(text, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _flow(rule: Rule) -> str:
    if not rule.options:
        return rule.sources[0]
    parts = {"from": _sources(rule)} | {name: _option(value) for name, value in rule.options.items()}
    return f"{{{', '.join(f'{name}: {value}' for name, value in parts.items())}}}"


def _block(rule: Rule) -> Iterator[str]:
    yield f"  {rule.target}:"
    yield f"    from: {_sources(rule)}"
    for name, value in rule.options.items():
        if name == "otherwise":
            yield "    choices:"
            yield from (f"      {scalar(word)}: {scalar(ours)}" for word, ours in rule.choices.items())
        yield f"    {name}: {_option(value)}"


def _sources(rule: Rule) -> str:
    return rule.sources[0] if len(rule.sources) == 1 else f"[{', '.join(rule.sources)}]"


def _option(value: str) -> str:
    plain = scalar(value)
    return plain if plain.startswith('"') or not set(plain) & set(",[]{}") else json.dumps(value)
