"""co2sf schema: diff, generate, deploy."""
