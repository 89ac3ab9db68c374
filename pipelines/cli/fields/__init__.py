"""Choosing fields: co2sf fields, suggest and editor."""
