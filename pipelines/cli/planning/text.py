"""A plan on a terminal."""

from collections.abc import Iterator

import click

from pipelines.cli.planning import saying
from pipelines.cli.planning.excerpt import Excerpt
from pipelines.cli.printing import show
from pipelines.sync.planning.planned import MappingPlan, Row


def print_plan(excerpt: Excerpt) -> None:
    """Counts, what an edit means, then rows with their fields, old -> new."""
    plan = excerpt.plan
    show([saying.counts(each) for each in plan.mappings])
    for line in saying.edits(plan):
        click.echo(f"\n{line}")
    for each in plan.mappings:
        for line in _mapping(excerpt, each):
            click.echo(line)
    click.echo(f"\n{'' if plan.changes_something else 'Nothing to change. '}{saying.calls(plan)}")


def _mapping(excerpt: Excerpt, mapping: MappingPlan) -> Iterator[str]:
    if mapping.stopped or mapping.rows:
        yield f"\n{mapping.name} -> {mapping.sobject}"
    yield from (f"  nothing would be sent: {each}" for each in mapping.stopped)
    if fields := saying.fields(mapping):
        yield f"  changes {fields}"
    for row in excerpt.rows(mapping):
        yield from _row(row)
    if more := excerpt.more(mapping):
        yield f"  and {more:,} more; --full shows all"


def _row(row: Row) -> Iterator[str]:
    yield f"  {row.object}:{row.record_id} -> {row.external_id or '(no external id)'} {saying.verdict(row)}"
    width = max((len(each.field) for each in row.changes), default=0)
    for each in row.changes:
        yield f"    {each.field:{width}}  {saying.value(each.old)} -> {saying.value(each.new)}"
