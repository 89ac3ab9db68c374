"""co2sf connect: what it asks, how a person logs in, and what it keeps."""
