"""Warm workers: runs that need not start Python and load the project first, on this machine or on several."""
