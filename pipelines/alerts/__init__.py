"""Which problems a person is told of, when, and how: knows the ledger and a webhook, not Dagster."""
