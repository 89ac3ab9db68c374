"""How long something takes, as people say it."""

from math import ceil


def duration(seconds: float) -> str:
    """``5400`` is "1 h 30 min": hours and minutes, minutes and seconds, or seconds, which are rounded up."""
    minutes, left = divmod(ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"
