"""Choice: which owed rows a person means."""

from dataclasses import dataclass
from typing import Self

from pipelines.errors import EditFile
from pipelines.ledger.outcome import OWED, Verdict


@dataclass(frozen=True, slots=True)
class Choice:
    """Owed rows that fit all that is said, the longest owed first; nothing said: all of them."""

    sobject: str | None = None
    object: str | None = None
    record_id: int | None = None
    verdict: Verdict | None = None
    code: str | None = None
    limit: int | None = None

    @classmethod
    def of(cls, which: str = "", *, sobject: str = "", verdict: str = "", code: str = "", limit: int = 0) -> Self:
        """From what a person writes, empty or 0 for no matter which; ``which`` is a record such as invoice:10041, or an
        sObject. Raises EditFile when it cannot be meant so."""
        name, colon, number = which.partition(":")
        if colon and not (name and number.isdecimal()):
            raise EditFile(f"{which!r} names no record; write object and id, such as invoice:10041, or an sObject")
        if not colon and which and sobject not in {"", which}:
            raise EditFile(f"{which!r} and --sobject {sobject!r} are two sObjects; name one")
        if verdict and verdict not in OWED:
            raise EditFile(f"{verdict!r} is no verdict of what is owed; write {', '.join(sorted(OWED))}")
        return cls(
            sobject=sobject or (which if not colon else "") or None,
            object=name if colon else None,
            record_id=int(number) if colon else None,
            verdict=Verdict(verdict) if verdict else None,
            code=code or None,
            limit=limit or None,
        )
