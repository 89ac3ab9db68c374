"""co2sf status: what it finds out, and how it is said."""
