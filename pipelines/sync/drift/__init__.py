"""Drift: what somebody else has changed in Salesforce of what was accepted there, found, named and taken back."""

SIGNAL = "drift"
"""On whose behalf ChargeOver is asked here, and the signal of what is taken back."""
