"""What a value must be to go into a field: one compiled function per field, refusing rows or whole calls."""
