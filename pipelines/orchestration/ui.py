"""Addresses of pages of the Dagster UI; empty when it is not known where the UI is."""

from urllib.parse import quote

import dagster as dg

LOCATION = "co2sf"
"""As in workspace.yaml."""


def run_page(ui_url: str, run_id: str) -> str:
    """The page of a run."""
    return f"{ui_url}/runs/{run_id}" if ui_url else ""


def check_page(ui_url: str, key: dg.AssetCheckKey) -> str:
    """The page of a check of an asset."""
    path = "/".join(quote(part, safe="") for part in key.asset_key.path)
    return f"{ui_url}/assets/{path}?view=checks&checkDetail={quote(key.name, safe='')}" if ui_url else ""


def sensor_page(ui_url: str, name: str) -> str:
    """The page of a sensor."""
    return f"{ui_url}/locations/__repository__@{LOCATION}/sensors/{name}" if ui_url else ""
