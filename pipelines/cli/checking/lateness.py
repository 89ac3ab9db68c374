"""What check --live says about changes that wait for Salesforce for too long, also when Dagster is down."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from pipelines.cli.checking.account import Account
from pipelines.cli.checking.troubles import Finding
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.model import Mapping
from pipelines.settings import ProjectSettings, read_settings
from pipelines.sync.capable import has_wrong_times
from pipelines.sync.fresh import freshness_of, told
from pipelines.sync.source import source_of


def late(account: Account, mappings: Sequence[Mapping]) -> Iterator[Finding]:
    """A warning for each mapping that is behind; nothing while times cannot be told, or before a first sync."""
    if has_wrong_times(account.can):
        return
    project = read_settings(ProjectSettings)
    limit = timedelta(minutes=project.freshness_minutes)
    with open_ledger(project.ledger_url) as ledger:
        for found in freshness_of(source_of(account.settings, ledger), ledger, mappings, datetime.now(UTC)):
            if found.is_synced and found.behind > limit:
                yield "warning", told(found, limit)
