"""Questions about a connection: answered by an option, by what is set already, or on the terminal."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import click
from pydantic_settings import BaseSettings

from pipelines.cli.connecting.origins import Told, told_of, variable
from pipelines.errors import FixAccess


@dataclass(frozen=True, slots=True)
class Asking:
    """For one kind of settings."""

    kind: type[BaseSettings]
    told: Mapping[str, Told]

    @classmethod
    def about(cls, kind: type[BaseSettings]) -> "Asking":
        """With all that is set already."""
        return cls(kind, told_of(kind))

    def ask(self, name: str, question: str, given: str | None = None, usual: str = "") -> str:
        """One value; what is set already, else the usual one, is what Enter means."""
        known = self.told[name].value if name in self.told else usual
        if given or not sys.stdin.isatty():
            return self._needed(name, given or known)
        return str(click.prompt(question, default=known or None)).strip()

    def ask_secret(self, name: str, question: str, *, needed: bool = True) -> str:
        """One value that is never shown and never an argument; from the environment it is taken without a question."""
        known = self.told.get(name)
        if not sys.stdin.isatty() or (known and known.origin in {"environment", ".env"}):
            return self._needed(name, known.value if known else "") if needed or known else ""
        how = "Enter keeps the one you have" if known else "" if needed else "Enter for none"
        text = f"{question} (not shown{'; ' if how else ''}{how})"
        empty = known.value if known else None if needed else ""
        return str(click.prompt(text, default=empty, hide_input=True, show_default=False)).strip()

    def _needed(self, name: str, value: str) -> str:
        if not value:
            raise FixAccess(f"connect: {name.replace('_', ' ')} is not given; set {variable(self.kind, name)}, or run "
                            "this on a terminal")  # fmt: skip
        return value

    def overruling(self, kept: Mapping[str, str]) -> list[str]:
        """The variables that are set otherwise than what is kept now, and win over it."""
        return [
            variable(self.kind, name)
            for name, told in self.told.items()
            if told.origin in {"environment", ".env"} and name in kept and _bare(told.value) != _bare(kept[name])
        ]


def _bare(value: str) -> str:
    return value.rstrip("/")
