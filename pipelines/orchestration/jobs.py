"""The jobs: sync what changed, and read everything again."""

import dagster as dg

_layers = dg.AssetSelection.groups("extract", "map", "load")

sync = dg.define_asset_job("sync", selection=_layers, description="Bring what changed in ChargeOver to Salesforce.")
full_resync = dg.define_asset_job(
    "full_resync",
    selection=_layers,
    description="Read all of ChargeOver again and send every row that differs from what Salesforce accepted last.",
    config={"ops": {"extract": {"config": {"whole": True}}}},
)
