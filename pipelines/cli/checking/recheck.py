"""Checking again whenever a mapping is saved: what came, what went, and how it stands now."""

import re
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.checking.troubles import Finding
from pipelines.cli.checking.verdict import Verdict, lines, wrapped
from pipelines.cli.edited import contents_of
from pipelines.cli.ending import until_told
from pipelines.cli.moments import moments
from pipelines.errors import Co2sfError
from pipelines.mapping.reading import read_mappings

_place = re.compile(r":\d+:\d+:")


def recheck(folder: Path, contents: dict[str, bytes], verdict: Verdict) -> Verdict:
    """Until Ctrl-C, print how the verdict on these contents changes; the last one."""
    click.echo(f"Watching {folder}; Ctrl-C ends it", err=True)
    with until_told():
        for _ in moments(folder):
            if (now := contents_of(folder)) != contents:
                contents, verdict = now, _checked(folder, verdict)
    return verdict


def _checked(folder: Path, before: Verdict) -> Verdict:
    shelf = read_mappings(folder, vocabulary())
    try:
        now = Verdict(shelf, before.live.of(shelf) if before.live else None)
    except Co2sfError as error:
        click.echo(f"co2sf: {error}; save again to try again", err=True)
        return before
    for line in _changes(before, now):
        click.echo(line)
    return now


def _changes(before: Verdict, now: Verdict) -> list[str]:
    """What is new and what is gone; a problem that only moved to another line is neither."""
    old, new = ({_told(each): each for each in verdict.findings} for verdict in (before, now))
    came = lines([each for key, each in new.items() if key not in old], "+ ")
    went = lines([each for key, each in old.items() if key not in new], "- ")
    if not came and not went and before.words() == now.words():
        return []
    return [*came, *went, wrapped(f"{datetime.now(UTC).astimezone():%H:%M:%S} {now.words()}")]


def _told(finding: Finding) -> tuple[str, str]:
    severity, text = finding
    return severity, _place.sub(":", text, count=1)
