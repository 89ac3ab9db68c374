"""A company that lives: what exists, what can be done to it, and a record of what was done as lines of Python."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

from choosing import Draw

from sandbox.chargeover import dispatch
from sandbox.chargeover.company import Company

Row = dict[str, Any]
kinds = ("customer", "user", "item", "package", "invoice", "transaction", "quote", "creditcard", "ach")


class Life:
    """One company; ``script`` grows with each call and each sync."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.script: list[str] = []
        self.announced: deque[tuple[str, int]] = deque()
        """Events of which ChargeOver would send a webhook: object and id."""
        self._labels: dict[str, dict[int, str]] = {name: {} for name in kinds}
        self.register("base")

    def register(self, label: str) -> None:
        """Give a label to whatever is new; it tells the same thing in a shorter history, where ids may differ."""
        for name in kinds:
            for number, row_id in enumerate(
                each for each in self.company.tables[name].ids if each not in self._labels[name]
            ):
                self._labels[name][row_id] = f"{label}.{number}"

    def rows(self, kind: str, fits: Callable[[Row], bool] = lambda row: True) -> dict[int, Row]:
        """The stored rows of a kind that fit, by id."""
        return {row_id: row for row_id, row in self.company.tables[kind].rows.items() if fits(row)}

    def pick(self, draw: Draw, kind: str, fits: Callable[[Row], bool] = lambda row: True) -> Row | None:
        """One of them."""
        rows = self.rows(kind, fits)
        picked = draw.pick({row_id: self._labels[kind].get(row_id, str(row_id)) for row_id in rows})
        return None if picked is None else rows[picked]

    def call(self, method: str, path: str, body: Row | None = None, **query: str) -> Any:
        """An API call of somebody else than us; its ``response``, None when ChargeOver refused it."""
        answer = dispatch.answer(self.company, dispatch.Request(method, path, query, _exact(body)))
        arguments = [repr(method), repr(path)] + ([repr(body)] if body is not None else [])
        arguments += [f"{name}={value!r}" for name, value in query.items()]
        told = f"# {answer.response}" if answer.code < 300 else f"# {answer.code} {answer.message}"
        self.script.append(f"call({', '.join(arguments)})  {told}")
        for context, _, row in self.company.happenings:
            self.announced.append((context, row[self.company.tables[context].key]))
        self.company.happenings.clear()
        return answer.response if answer.code < 300 else None

    def create(self, kind: str, **fields: Any) -> int | None:
        """A new record; its id."""
        response = self.call("POST", kind, fields)
        return None if response is None else int(response["id"])

    def edit(self, kind: str, row: Row | None, **fields: Any) -> None:
        """PUT fields of a record, if there is one."""
        if row is not None:
            self.call("PUT", f"{kind}/{row[f'{kind}_id']}", fields)

    def act(self, kind: str, row: Row | None, action: str, **body: Any) -> None:
        """An action such as void, if there is a record to act on."""
        if row is not None:
            self.call("POST", f"{kind}/{row[f'{kind}_id']}", body, action=action)

    def delete(self, kind: str, row: Row | None) -> None:
        """DELETE a record, if there is one."""
        if row is not None:
            self.call("DELETE", f"{kind}/{row[f'{kind}_id']}")

    @contextmanager
    def late(self, seconds: float) -> Iterator[None]:
        """What is created meanwhile appears after so many seconds."""
        settings = self.company.settings
        if seconds:
            self.script.append(f"late({seconds})")
            self.company.configure(replace(settings, appears_after_seconds=seconds))
        yield
        if seconds:
            self.script.append("late(0)")
            self.company.configure(settings)


def _exact(body: Any) -> Any:
    """Amounts as the server reads them from JSON."""
    if isinstance(body, dict):
        return {name: _exact(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_exact(each) for each in body]
    return Decimal(str(body)) if isinstance(body, float) else body
