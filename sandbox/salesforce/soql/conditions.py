"""Parses a WHERE condition."""

from datetime import date, datetime
from typing import Final

from sandbox.salesforce.soql.nodes import Combination, Comparison, Condition, Literal, Path
from sandbox.salesforce.soql.stream import Stream
from sandbox.salesforce.validation.dates import parse_datetime

OPERATORS: Final = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
WORDS: Final = {"NULL": ("null", None), "TRUE": ("boolean", True), "FALSE": ("boolean", False)}
ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


class ConditionParser:
    """Recursive descent: AND and OR may not stand side by side without parentheses (inferred)."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def condition(self) -> Condition:
        """A comparison, or several joined by AND or by OR."""
        conditions = [self._term()]
        word = self.stream.current.word
        if word not in {"AND", "OR"}:
            return conditions[0]
        while self.stream.take_word(word):
            conditions.append(self._term())
        if self.stream.current.word in {"AND", "OR"}:
            self.stream.unexpected()
        return Combination(word, tuple(conditions))

    def _term(self) -> Condition:
        if self.stream.take_word("NOT"):
            return Combination("NOT", (self._term(),))
        if self.stream.take_symbol("("):
            inner = self.condition()
            self.stream.expect_symbol(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        token = self.stream.name()
        path = Path(token.text, token.at)
        operator = self._operator()
        if operator in {"IN", "NOT IN"}:
            return Comparison(path, operator, self._literals())
        return Comparison(path, operator, (self._literal(),))

    def _operator(self) -> str:
        token = self.stream.current
        if token.word == "NOT":
            self.stream.advance()
            self.stream.expect_word("IN")
            return "NOT IN"
        if token.word in {"LIKE", "IN"} or (token.kind == "symbol" and token.text in OPERATORS):
            self.stream.advance()
            return OPERATORS.get(token.text, token.word)
        return self.stream.unexpected()

    def _literals(self) -> tuple[Literal, ...]:
        self.stream.expect_symbol("(")
        literals = [self._literal()]
        while self.stream.take_symbol(","):
            literals.append(self._literal())
        self.stream.expect_symbol(")")
        return tuple(literals)

    def _literal(self) -> Literal:
        token = self.stream.current
        if token.word in WORDS:
            self.stream.advance()
            kind, value = WORDS[token.word]
            return Literal(kind, value, token.at)
        if token.kind not in {"string", "number", "date", "datetime"}:
            self.stream.unexpected()
        try:
            parsed = _value(token.kind, token.text)
        except ValueError:
            self.stream.unexpected()
        self.stream.advance()
        return Literal(token.kind, parsed, token.at)


def _value(kind: str, text: str) -> str | float | date | datetime:
    if kind == "string":
        return _unquoted(text)
    if kind == "number":
        return float(text)
    if kind == "date":
        return date.fromisoformat(text)
    parsed = parse_datetime(text.replace(" ", "+"))
    if parsed is None:
        raise ValueError(text)
    return parsed


def _unquoted(text: str) -> str:
    """The text without quotes; a LIKE pattern keeps its escaped wildcards."""
    out, chars = [], iter(text[1:-1])
    for char in chars:
        if char != "\\":
            out.append(char)
            continue
        escaped = next(chars)
        out.append("\\" + escaped if escaped in "%_" else ESCAPES.get(escaped, escaped))
    return "".join(out)
