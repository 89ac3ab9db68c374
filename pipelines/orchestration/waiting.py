"""Why a tick of the sensor starts no run: because it waits, or because something keeps it from looking."""

from pipelines.errors import TryLater

BLIND = "Cannot look for changes: "
"""So begins the skip reason of a tick that an error ended."""


class Waits(TryLater):
    """Nothing is wrong, or what is wrong is told by other signs: the run that failed, the calls that are used up."""
