"""Standing checks: those that run by jobs of their own, not with every load."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any

import dagster as dg
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

from pipelines.orchestration.connections import Connections
from pipelines.orchestration.failing import explained

Graph = BaseAssetGraph[Any]
money_agrees = "money_agrees"
fresh = "fresh"
not_drifted = "not_drifted"


class Standing(dg.AssetSelection):
    """The standing checks of some names, on whatever assets there are."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def resolve_inner(self, asset_graph: Graph, allow_missing: bool) -> Set[dg.AssetKey]:  # noqa: ARG002, FBT001
        """No asset."""
        return set()

    def resolve_checks_inner(self, asset_graph: Graph, allow_missing: bool) -> Set[dg.AssetCheckKey]:  # noqa: ARG002, FBT001
        """The checks."""
        return {key for key in asset_graph.asset_check_keys if key.name in self._names}

    def to_serializable_asset_selection(self, asset_graph: Graph) -> dg.AssetSelection:
        """The checks by their keys."""
        return dg.AssetSelection.checks(*self.resolve_checks_inner(asset_graph, allow_missing=False))


Results = Callable[[Set[dg.AssetKey], Connections], Iterator[dg.AssetCheckResult]]
"""Looks at some assets, and says how the check of each came out."""


def standing_checks(
    name: str, description: str, keys: Sequence[dg.AssetKey], results: Results
) -> list[dg.AssetChecksDefinition]:
    """One step that checks all these assets; none when there are no assets."""
    if not keys:
        return []

    @dg.multi_asset_check(
        name=name,
        specs=[dg.AssetCheckSpec(name, asset=key, description=description) for key in keys],
        can_subset=True,
    )
    def step(context: dg.AssetCheckExecutionContext, connections: Connections) -> Iterator[dg.AssetCheckResult]:
        with explained():
            yield from results({key.asset_key for key in context.selected_asset_check_keys}, connections)

    return [step]


def result(
    name: str,
    key: dg.AssetKey,
    text: str,
    *,
    passed: bool,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.WARN,
    metadata: Mapping[str, Any] | None = None,
) -> dg.AssetCheckResult:
    """How the check of one asset came out."""
    return dg.AssetCheckResult(
        asset_key=key, check_name=name, passed=passed, severity=severity, description=text, metadata=metadata or {}
    )
