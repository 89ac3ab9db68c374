"""co2sf plan, and how a plan is shown."""
