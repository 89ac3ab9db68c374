"""co2sf check: the mappings, the org and the account, and what is said about each."""
