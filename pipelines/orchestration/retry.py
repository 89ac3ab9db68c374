"""Which owed rows a run tries again before their turn, as a person says it in the UI."""

import dagster as dg

from pipelines.ledger.choice import Choice


class Retry(dg.Config):
    """Owed rows that fit all that is said; nothing said: all."""

    which: str = ""
    """A record such as invoice:10041, or an sObject; empty for all."""
    sobject: str = ""
    """An sObject; empty for all."""
    verdict: str = ""
    """held, rejected or refused; empty for all."""
    code: str = ""
    """A code such as STRING_TOO_LONG; empty for all."""
    limit: int = 0
    """At most so many rows, the longest owed first; 0 for all."""

    def choice(self) -> Choice:
        """The rows that are meant; raises EditFile when they cannot be meant so."""
        return Choice.of(self.which, sobject=self.sobject, verdict=self.verdict, code=self.code, limit=self.limit)


def said(choice: Choice) -> dict[str, object]:
    """A choice as the configuration of a run says it."""
    record = f"{choice.object}:{choice.record_id}" if choice.object else ""
    verdict = str(choice.verdict) if choice.verdict else ""
    named = {"which": record, "sobject": choice.sobject or "", "verdict": verdict, "code": choice.code or ""}
    return {**named, "limit": choice.limit or 0}
