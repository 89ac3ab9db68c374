"""A plan as a comment on a pull request."""

from collections.abc import Iterator

from pipelines.cli.planning import saying
from pipelines.cli.planning.excerpt import Excerpt
from pipelines.ledger.outcome import Verdict
from pipelines.sync.planning.planned import MappingPlan, Row

MARK = "<!-- co2sf plan -->"
"""The first line: by it a job finds its last comment, to put the new one in its place."""

_longest_comment = 60_000
"""Characters: forges cut or refuse longer comments (GitHub at 65,536)."""


def markdown(excerpt: Excerpt) -> str:
    """The report; of a long one the end is left out, and that is said."""
    text = "\n".join(_lines(excerpt))
    if len(text) <= _longest_comment:
        return text
    kept = text[:_longest_comment].rpartition("\n")[0]
    fold = "\n\n</details>" if kept.count("<details>") > kept.count("</details>") else ""
    return f"{kept}{fold}\n\nThe rest is left out: the report is too long for a comment. `co2sf plan --full` shows it."


def _lines(excerpt: Excerpt) -> Iterator[str]:
    plan = excerpt.plan
    yield MARK
    yield f"### co2sf plan: {'changes' if plan.changes_something else 'nothing to change'}"
    yield ""
    yield from _counts(plan.mappings)
    yield from (f"\n{_plain(each)}" for each in saying.edits(plan))
    for each in plan.mappings:
        yield from _mapping(excerpt, each)
    yield f"\n{saying.calls(plan)}"


def _counts(mappings: tuple[MappingPlan, ...]) -> Iterator[str]:
    names = ["read", *map(str, Verdict)]
    yield f"| sObject | {' | '.join(names)} |"
    yield f"|---|{'---:|' * len(names)}"
    for each in mappings:
        yield f"| {each.sobject} | {' | '.join(f'{each.counts.get(name, 0):,}' for name in names)} |"


def _mapping(excerpt: Excerpt, mapping: MappingPlan) -> Iterator[str]:
    for each in mapping.stopped:
        yield f"\n**{mapping.name}**: nothing would be sent: {_plain(each)}"
    if not mapping.rows:
        return
    fields = saying.fields(mapping)
    yield f"\n<details><summary>{mapping.name}{f': changes {fields}' if fields else ''}</summary>\n"
    yield "| record | row | verdict | field | old | new |"
    yield "|---|---|---|---|---|---|"
    for row in excerpt.rows(mapping):
        yield from _row(row)
    if more := excerpt.more(mapping):
        yield f"\nand {more:,} more rows; `co2sf plan --full` shows all"
    yield "\n</details>"


def _row(row: Row) -> Iterator[str]:
    """A line for each field; the record is named on the first."""
    head = (f"{row.object}:{row.record_id}", row.external_id, saying.verdict(row))
    cells = [(each.field, saying.value(each.old), saying.value(each.new)) for each in row.changes]
    for number, line in enumerate(cells or [(row.field, "", "")]):
        yield f"| {' | '.join(_plain(cell) for cell in (*(head if not number else ('', '', '')), *line))} |"


def _plain(text: str) -> str:
    """Text that Markdown and HTML leave as it is: no cell ends early, nobody is mentioned, nothing is a link."""
    for sign in "\\`*_{}[]<>|#@~&":
        text = text.replace(sign, f"&#{ord(sign)};" if sign not in "&#" else sign)
    return text
