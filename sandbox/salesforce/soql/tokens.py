"""Splits a SOQL statement into tokens that know their place, and prints errors the way Salesforce does."""

import re
from dataclasses import dataclass
from typing import Final

from sandbox.salesforce.errors import CallError

PATTERN: Final = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
  | (?P<date>\d{4}-\d\d-\d\d)
  | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*(?::\d+)?)
  | (?P<symbol><=|>=|!=|<>|[=<>(),])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the statement; `kind` is string, datetime, date, number, name, symbol or end; `at` counts from 0."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The text in upper case when it is a name, so that keywords compare."""
        return self.text.upper() if self.kind == "name" else ""


def tokenize(statement: str) -> list[Token]:
    """The tokens with an end token last; a character that fits nowhere is MALFORMED_QUERY."""
    tokens, at = [], 0
    while at < len(statement):
        found = PATTERN.match(statement, at)
        if found is None:
            raise soql_error(statement, at, f"unexpected token: '{statement[at]}'")
        if found.lastgroup != "blank":
            tokens.append(Token(str(found.lastgroup), found.group(), at))
        at = found.end()
    tokens.append(Token("end", "<EOF>", len(statement)))
    return tokens


def soql_error(statement: str, at: int, text: str, code: str = "MALFORMED_QUERY") -> CallError:
    """400 with newline, statement, caret line, "ERROR at Row:1:Column:n", newline, text (verified shape).

    How much of a long statement the vendor repeats is unknown: the line with the fault is shown whole.
    """
    row = statement.count("\n", 0, at) + 1
    start = statement.rfind("\n", 0, at) + 1
    line = statement[start:].partition("\n")[0]
    message = f"\n{line}\n{' ' * (at - start)}^\nERROR at Row:{row}:Column:{at - start + 1}\n{text}"
    return CallError(400, code, message)
