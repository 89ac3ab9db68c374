"""Starting a comparison: both accounts, with the calls of a check."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.ledger.ledger import Ledger
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.settings import ChargeOverSettings, ProjectSettings, read_settings
from pipelines.sync.asked import mappings_of
from pipelines.sync.drift.look import Looking
from pipelines.sync.drift.taking import TakingBack
from pipelines.sync.loaded_org import loaded_org
from pipelines.sync.loading import loader_of
from pipelines.sync.source import source_of


@dataclass(frozen=True, slots=True)
class Drift:
    """A comparison, and the way to take back what it finds."""

    looking: Looking
    taking: Callable[[str], TakingBack]
    """Given the id of the run that writes."""


@contextmanager
def drifting(ledger: Ledger, shelf: Shelf, *, whole: bool = False) -> Iterator[Drift]:
    """Ready to compare, as the settings say; FixAccess when nothing was ever loaded into this org."""
    project = read_settings(ProjectSettings)
    source = source_of(read_settings(ChargeOverSettings), ledger)
    with loaded_org(ledger) as (org, budget):
        looking = Looking(source, org, ledger, shelf, project.drift_sample_rows, project.drift_by_job_from_rows, whole)
        yield Drift(
            looking, lambda run_id: TakingBack(source, ledger, shelf, loader_of(org, budget, ledger, shelf, run_id))
        )


def chosen(shelf: Shelf, names: Sequence[str]) -> list[Mapping]:
    """The mappings with these names, none named: all; EditFile for an unknown one."""
    return mappings_of(names, shelf) if names else list(shelf.mappings)
