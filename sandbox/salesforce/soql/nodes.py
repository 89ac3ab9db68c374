"""What a SOQL statement says, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.soql.tokens import Token


@dataclass(frozen=True, slots=True)
class Path:
    """A field, through parents if dotted: Account__r.Name."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value in the statement: kind string, number, date, datetime, boolean or null."""

    kind: str
    value: str | float | bool | date | datetime | None
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A path, an operator (= != < > <= >= LIKE IN, NOT IN) and the literals it is compared with."""

    path: Path
    operator: str
    literals: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """AND or OR of conditions, or NOT of one."""

    operator: str
    conditions: tuple[Json, ...]


Condition = Comparison | Combination


@dataclass(frozen=True, slots=True)
class DatePart:
    """CALENDAR_YEAR or CALENDAR_MONTH of a date (published: SOQL guide, date functions)."""

    function: str
    path: Path

    @property
    def text(self) -> str:
        """As it is written, for comparing what is shown with what is grouped by."""
        return f"{self.function}({self.path.text})"

    @property
    def at(self) -> int:
        """Where it stands."""
        return self.path.at


@dataclass(frozen=True, slots=True)
class Aggregate:
    """COUNT, COUNT_DISTINCT, SUM, AVG, MIN or MAX of a path (COUNT of nothing for COUNT())."""

    function: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Selected:
    """One column of the result; `alias` as written after it."""

    what: Path | DatePart | Aggregate
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One ORDER BY term."""

    what: Path | DatePart | Aggregate
    descending: bool
    nulls_first: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole SELECT."""

    text: str
    selected: tuple[Selected, ...]
    sobject: Token
    condition: Condition | None = None
    groups: tuple[Path | DatePart, ...] = ()
    orders: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0

    @property
    def aggregated(self) -> bool:
        """Whether the rows are counted or grouped instead of shown."""
        return bool(self.groups) or any(isinstance(one.what, Aggregate) for one in self.selected)
