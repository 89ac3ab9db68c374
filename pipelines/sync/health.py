"""Health: why what the webhooks hint at may not be followed; nothing while all is well."""

from datetime import datetime, timedelta

from pipelines.errors import Co2sfError
from pipelines.ledger.ledger import Ledger


def troubles(ledger: Ledger, now: datetime, longest: timedelta) -> list[str]:
    """One sentence for each thing that is wrong: the ledger does not answer, or a hint waits for longer than that."""
    try:
        waiting = [each for each in ledger.waiting() if now - each.since > longest]
    except Co2sfError as error:
        return [str(error)]
    return [
        f"inbox: {each.hints} of {each.object} wait, the oldest for {(now - each.since) // timedelta(minutes=1)} min; "
        "see that the sensor changes is on and its runs succeed, and that co2sf check finds no broken mapping"
        for each in waiting
    ]
