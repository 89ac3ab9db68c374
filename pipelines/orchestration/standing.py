"""Standing checks: those that run by jobs of their own, not with every load."""

from collections.abc import Set
from typing import Any

import dagster as dg
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

Graph = BaseAssetGraph[Any]
money_agrees = "money_agrees"
fresh = "fresh"


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
