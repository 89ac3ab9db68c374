"""Parses SELECT ... FROM ... WHERE ... GROUP BY ... ORDER BY ... LIMIT ... OFFSET."""

from collections.abc import Callable
from typing import Final, NoReturn, TypeVar

from sandbox.salesforce.soql.conditions import ConditionParser
from sandbox.salesforce.soql.nodes import Aggregate, DatePart, Order, Path, Selected, Statement
from sandbox.salesforce.soql.stream import Stream

FUNCTIONS: Final = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})
DATE_PARTS: Final = frozenset({"CALENDAR_YEAR", "CALENDAR_MONTH"})
CLAUSES: Final = frozenset({"FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "OFFSET", "HAVING", "FOR", "WITH", "ALL"})
MOST_OFFSET: Final = 2000

Item = TypeVar("Item")


def parse(text: str) -> Statement:
    """The statement, or 400 MALFORMED_QUERY pointing at the token that does not fit (verified shape)."""
    return _Parser(Stream(text)).statement()


class _Parser:
    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def statement(self) -> Statement:
        stream = self.stream
        stream.expect_word("SELECT")
        selected = self._list(self._selected)
        stream.expect_word("FROM")
        sobject = stream.name()
        condition = ConditionParser(stream).condition() if stream.take_word("WHERE") else None
        groups = self._list(self._group) if self._two_words("GROUP", "BY") else ()
        orders = self._list(self._order) if self._two_words("ORDER", "BY") else ()
        limit = self._number() if stream.take_word("LIMIT") else None
        offset = self._offset() if stream.take_word("OFFSET") else 0
        if stream.current.kind != "end":
            stream.unexpected()
        return Statement(stream.text, selected, sobject, condition, groups, orders, limit, offset)

    def _list(self, item: Callable[[], Item]) -> tuple[Item, ...]:
        items = [item()]
        while self.stream.take_symbol(","):
            items.append(item())
        return tuple(items)

    def _two_words(self, first: str, second: str) -> bool:
        if not self.stream.take_word(first):
            return False
        self.stream.expect_word(second)
        return True

    def _path(self) -> Path:
        token = self.stream.name()
        return Path(token.text, token.at)

    def _group(self) -> Path | DatePart:
        what = self._value()
        if isinstance(what, Aggregate):
            self.stream.unexpected()
        return what

    def _selected(self) -> Selected:
        if self.stream.current.word in CLAUSES:
            self.stream.unexpected()
        what = self._value()
        token = self.stream.current
        if token.kind == "name" and token.word not in CLAUSES:
            self.stream.advance()
            return Selected(what, token.text)
        return Selected(what)

    def _value(self) -> Path | DatePart | Aggregate:
        token = self.stream.name()
        if not self.stream.take_symbol("("):
            return Path(token.text, token.at)
        if token.word in DATE_PARTS:
            part = DatePart(token.word, self._path())
            self.stream.expect_symbol(")")
            return part
        if token.word not in FUNCTIONS:
            self._unknown_function(token.text)
        if self.stream.take_symbol(")"):
            if token.word != "COUNT":
                self.stream.unexpected()
            return Aggregate("COUNT", None)
        path = self._path()
        self.stream.expect_symbol(")")
        return Aggregate(token.word, path)

    def _unknown_function(self, name: str) -> NoReturn:
        self.stream.fail(f"the function {name} is not one this sandbox has")

    def _order(self) -> Order:
        """One term; nulls come first in either direction unless said otherwise (inferred)."""
        what = self._value()
        descending = self.stream.take_word("DESC")
        if not descending:
            self.stream.take_word("ASC")
        if not self.stream.take_word("NULLS"):
            return Order(what, descending, nulls_first=True)
        first = self.stream.take_word("FIRST")
        if not first:
            self.stream.expect_word("LAST")
        return Order(what, descending, first)

    def _number(self) -> int:
        token = self.stream.current
        if token.kind != "number" or not token.text.isdigit():
            self.stream.unexpected()
        self.stream.advance()
        return int(token.text)

    def _offset(self) -> int:
        offset = self._number()
        if offset > MOST_OFFSET:
            self.stream.fail(f"Maximum SOQL offset allowed is {MOST_OFFSET}", "NUMBER_OUTSIDE_VALID_RANGE")
        return offset
