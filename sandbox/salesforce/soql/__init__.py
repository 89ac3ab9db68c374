"""A subset of SOQL: its own tokens, parser and evaluator over the tables of the org."""
