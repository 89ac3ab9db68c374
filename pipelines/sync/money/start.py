"""Starting a comparison: both accounts, and the time up to which every change should have landed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from pipelines.errors import EditFile
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.settings import ChargeOverSettings, ProjectSettings, read_settings
from pipelines.sync.loaded_org import loaded_org
from pipelines.sync.money.group import Span
from pipelines.sync.money.look import Looking
from pipelines.sync.money.measure import Measure, measures_of
from pipelines.sync.source import source_of


@contextmanager
def looking(ledger: Ledger, *, span: Span | None = None, by_record: bool = False) -> Iterator[Looking]:
    """Ready to compare, as the settings say; FixAccess when nothing was ever loaded into this org."""
    settings = read_settings(ChargeOverSettings)
    patience = timedelta(seconds=settings.look_every_seconds, minutes=read_settings(ProjectSettings).freshness_minutes)
    source = source_of(settings, ledger)
    with loaded_org(ledger) as (org, _):
        yield Looking(source, org, ledger, source.chargeover.now() - patience, span, by_record)


def chosen(mappings: Sequence[Mapping], names: Sequence[str]) -> list[Measure]:
    """The mappings with amounts, of these objects, sObjects or files (none named: all); EditFile for an unknown one."""
    measures = list(measures_of(mappings))
    known = {name for each in measures for name in _names(each)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise EditFile(f"--object {unknown[0]!r}: no mapping of that name loads amounts (as: currency); there are "
                       f"{', '.join(sorted({each.mapping.object for each in measures})) or 'none'}")  # fmt: skip
    return [each for each in measures if not names or set(names) & _names(each)]


def _names(measure: Measure) -> set[str]:
    mapping = measure.mapping
    return {mapping.object, mapping.source, mapping.to, mapping.name}
