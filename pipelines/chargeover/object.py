"""The words in which the catalog declares a ChargeOver object."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.chargeover.where import clause, moment


def fields(declaration: str) -> dict[str, str]:
    """Field name to type, from lines of ``type: name name ...``; ``custom*50`` stands for custom_1 to custom_50."""
    found: dict[str, str] = {}
    for line in declaration.strip().splitlines():
        type_name, names = line.strip().split(":")
        found |= {name: type_name for word in names.split() for name in _spread(word)}
    return found


def _spread(word: str) -> list[str]:
    stem, star, count = word.partition("*")
    return [f"{stem}_{n}" for n in range(1, int(count) + 1)] if star else [word]


@dataclass(frozen=True, slots=True)
class Children:
    """Records that live only inside another: line items, applied payments; ``key`` tells them apart in their parent."""

    name: str
    key: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Watched:
    """A list that is read over and over and compared with how it was, since its records change without a sign.

    ``where`` keeps it short (all open invoices); ``recent`` names a time field of which the last ``days`` are taken;
    without either it is the whole list, and a record that left it was deleted."""

    where: str = ""
    recent: str = ""
    days: int = 0

    @property
    def field(self) -> str:
        """The field that the list is filtered by; empty when it is the whole list."""
        return self.recent or self.where.partition(":")[0]

    def has(self, row: Mapping[str, Any]) -> bool:
        """Whether a record belongs to the list, as far as its state tells."""
        name, _, rest = self.where.partition(":")
        operator, _, value = rest.partition(":")
        return not self.where or (str(row.get(name)) == value) is (operator == "EQUALS")

    def clauses(self, now: datetime, zone: ZoneInfo) -> list[str]:
        """What to ask for now."""
        if self.recent:
            return [clause(self.recent, "GTE", moment(now - timedelta(days=self.days), zone))]
        return [self.where] if self.where else []


@dataclass(frozen=True, slots=True)
class Object:
    """One kind of ChargeOver thing: how it is asked for, what it holds, and what shows that it changed."""

    name: str
    key: str
    fields: Mapping[str, str]
    noticed: Mapping[str, str]
    """Kind of change to the signal that shows it at the latest: cursor, touched, watch or sweep."""
    customer: str | None = "customer_id"
    children: tuple[Children, ...] = ()
    keyset: bool = True
    """Whether its id can be filtered by, as a list that is paged by id needs."""
    expand: tuple[str, ...] = ()
    complete: tuple[str, ...] = ()
    """What a list row may lack although the record has it: then the record is read once more by id."""
    by_id_only: tuple[str, ...] = ()
    """What lists never show (``line_items.tierset``): left out, unless a mapping needs it; see ``deepened``."""
    cursors: tuple[str, ...] = ()
    """Time fields that can be filtered by and show that a record is new or was edited."""
    hoped: tuple[str, ...] = ()
    """Time fields that may be filtered by in some accounts, though no list of filters names them: asked once."""
    hoped_expand: tuple[str, ...] = ()
    created: str = ""
    """The time field that says when ChargeOver created a record, where it can be filtered by; it never moves."""
    watched: Watched | None = None
    touches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Object to paths of ids (``applied_to.invoice_id``): what else changes when a record of this one appears."""

    def deepened(self) -> "Object":
        """The object with what lists never show: every record then costs a call of its own."""
        return replace(self, complete=(*self.complete, *self.by_id_only), by_id_only=())

    def supported(self, capabilities: Mapping[str, str]) -> "Object":
        """The object as this account supports it: what it refuses falls back to the next signal, never to silence."""

        def can(question: str, *, unless_known: bool) -> bool:
            return capabilities.get(question, "yes" if unless_known else "no") == "yes"

        cursors = [each for each in self.cursors if can(f"filter {self.name}.{each}", unless_known=True)]
        cursors += [each for each in self.hoped if can(f"filter {self.name}.{each}", unless_known=False)]
        expand = [each for each in self.expand if can(f"expand {self.name}.{each}", unless_known=True)]
        expand += [each for each in self.hoped_expand if can(f"expand {self.name}.{each}", unless_known=False)]
        watched = self.watched
        if watched and not can(f"filter {self.name}.{watched.field}", unless_known=True):
            watched = Watched()
        return replace(
            self,
            cursors=tuple(cursors),
            expand=tuple(expand),
            keyset=can(f"filter {self.name}.{self.key}", unless_known=self.keyset),
            watched=watched if cursors else Watched(),
        )
