"""What comparing ChargeOver with Salesforce costs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calls:
    """What a comparison has cost on both sides."""

    chargeover: int = 0
    salesforce: int = 0
