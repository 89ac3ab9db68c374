"""The frame around every answer: code, status, message, details, response [docs: api; recorded 2015].

``details`` is always written: it is in the current documentation and was absent in 2015.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sandbox.chargeover.writing import as_json


class Refusal(Exception):
    """A request that ChargeOver answers with an error envelope."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @classmethod
    def invalid(cls, name: str, value: object) -> "Refusal":
        """400 for a value that cannot be used; the bracketed detail is the sandbox's own."""
        return cls(400, f"Missing or invalid parameter. [{name}: {str(value)[:80]!r}]")

    @classmethod
    def missing(cls, name: str) -> "Refusal":
        """400 for an absent parameter, worded as recorded for an empty body."""
        return cls(400, f"A required parameter was missing: {name}.")

    @classmethod
    def unsupported(cls, command: str, kind: str, key: object = "") -> "Refusal":
        """400 for a command that an object does not have."""
        return cls(400, f"The command requested is not supported: {command}({kind}, {key})")

    @classmethod
    def gone(cls, kind: str) -> "Refusal":
        """404 for an id that is not there."""
        return cls(404, f"This {kind} does not exist.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client: HTTP code, the ``response`` value, headers."""

    code: int
    response: object
    message: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def refused(cls, refusal: Refusal) -> "Answer":
        """The error envelope of a refusal: ``response`` is null for 404 and false otherwise."""
        return cls(refusal.code, None if refusal.code == 404 else False, refusal.message)

    def emptied(self, kind: str) -> "Answer":
        """What would be answered if there were nothing: no rows, a count of 0, 404 for a row of ``kind``."""
        if self.code != 200:
            return self
        if isinstance(self.response, dict):
            return self.refused(Refusal.gone(kind))
        return replace(self, response=[] if isinstance(self.response, list) else 0)

    def envelope(self) -> dict[str, object]:
        """The answer as the JSON object that is sent."""
        return {
            "code": self.code,
            "status": "OK" if self.code < 400 else "Error",
            "message": self.message,
            "details": {},
            "response": self.response,
        }

    def body(self) -> bytes:
        """The answer as bytes."""
        return as_json(self.envelope())
