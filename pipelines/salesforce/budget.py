"""Who may call Salesforce when: every API call is taken from a budget, which hears what the org says of its own."""

from typing import Protocol


class Budget(Protocol):
    """What calls are taken from; safe to share between threads."""

    def take(self, *, begins: bool) -> None:
        """Return when a call may be made; raises TryLater when none may be for now.

        Only a call that ``begins`` something is stopped: one that goes on with it is let through, or the verdicts of
        rows that have landed already would be lost."""

    def told(self, used: int, allowed: int) -> None:
        """Hear what the org's apps have used together in 24 hours, and what they may."""

    def refused(self) -> None:
        """Hear that Salesforce refused a call, since the org has no calls left."""


class Unlimited:
    """As many calls as anybody likes."""

    def take(self, *, begins: bool) -> None:
        """Return at once."""

    def told(self, used: int, allowed: int) -> None:
        """Do nothing."""

    def refused(self) -> None:
        """Do nothing."""
