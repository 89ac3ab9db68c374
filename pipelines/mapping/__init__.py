"""What a record becomes: the mapping language, reading it, conversions, translation, loading order, fit to an org. Pure."""
