"""co2sf: check the mappings, preview what they make, sync, and read the sync log."""

from pipelines.cli.main import main

__all__ = ["main"]
