"""co2sf test: examples beside the mappings."""
