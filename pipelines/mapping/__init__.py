"""What a record becomes: mapping files, conversions, translation, loading order, fit to an org; pure."""
