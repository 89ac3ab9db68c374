"""How far this machine's clock is from Salesforce's."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests


def skew_seconds(response: requests.Response) -> float:
    """By how much this machine's clock is ahead of the answer's Date header; 0 without one."""
    try:
        theirs = parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError):
        return 0.0
    return (datetime.now(UTC) - theirs).total_seconds()


def skewed_text(seconds: float) -> str:
    """What is wrong, and what to do."""
    minutes = f"{abs(seconds) / 60:,.0f} minutes" if abs(seconds) >= 90 else f"{abs(seconds):.0f} seconds"
    direction = "ahead of" if seconds > 0 else "behind"
    return (
        f"the signed login is refused, and this machine's clock is {minutes} {direction} Salesforce's (the Date header "
        "of its answer), so that the login is not valid there; set the clock right (NTP), then run it again"
    )
