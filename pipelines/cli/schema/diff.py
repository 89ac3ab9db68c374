"""co2sf schema diff: what do the mappings need that the org lacks or has differently?"""

from collections.abc import Mapping
from pathlib import Path

import click

from pipelines.cli.printing import as_json, show
from pipelines.cli.schema.org import Compared, compared, mappings_option, sound_shelf
from pipelines.schema.gap import Gap
from pipelines.schema.needs import needs_of

_HIDDEN = """
What the org hides from this user looks as if it were not there. If it is deployed already, give the permission set to
this user: co2sf schema deploy --assign, or in Setup."""


@click.command()
@mappings_option
@as_json
@click.pass_context
def diff(context: click.Context, *, mappings: Path | None, as_json: bool) -> None:
    """Compare the org with what the mappings need.

    Exit code 1 when something lacks. A field that the org has and hides from this user (field-level security) looks as
    if it were not there.
    """
    shelf = sound_shelf(mappings)
    found = compared(shelf, needs_of(shelf))
    if as_json:
        show([_data(gap, found) for gap in found.gaps], as_json=True)
    else:
        show([_row(gap) for gap in found.gaps], nothing="The org has all that the mappings need.")
        if found.gaps:
            click.echo(_verdict(found.gaps), err=True)
    context.exit(1 if found.gaps else 0)


def _row(gap: Gap) -> Mapping[str, str]:
    return {
        "sObject": gap.need.sobject,
        "field": gap.misfit.field,
        "needs": gap.needed,
        "has": gap.has,
        "mended": f"by hand: {gap.by_hand}" if gap.by_hand else "by schema generate",
    }


def _data(gap: Gap, found: Compared) -> Mapping[str, object]:
    drift = found.fits[gap.need.sobject].drift
    return {
        "sobject": gap.need.sobject,
        "field": gap.misfit.field,
        "needs": gap.needed,
        "has": gap.has,
        "generated": not gap.by_hand,
        "by_hand": gap.by_hand,
        "severity": gap.misfit.severity,
        "where": gap.misfit.where,
        "text": gap.misfit.text,
        "changed": [str(each) for each in drift if each.field.casefold() == gap.misfit.field.casefold()],
    }


def _verdict(gaps: list[Gap]) -> str:
    by_hand = sum(bool(gap.by_hand) for gap in gaps)
    mended = len(gaps) - by_hand
    parts = [f"{mended} that co2sf schema generate and deploy mend"] if mended else []
    text = f"{len(gaps)} {'difference' if len(gaps) == 1 else 'differences'}: "
    text += ", ".join([*parts, *([f"{by_hand} by hand"] if by_hand else [])])
    return text + (_HIDDEN if any(gap.has == "nothing" for gap in gaps) else "")
