"""How a conversion is declared: a function from one value to one value, with its options as keyword arguments."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, overload
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, create_model

from pipelines.mapping.scalars import Value, clean, quoted

Function = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Unfit:
    """Returned instead of a value: what the value is not, and what to do; the value is quoted before it."""

    text: str


@dataclass(frozen=True)
class Conversion:
    """A named function from a source value (str, int, Decimal or bool, never None) to a value or Unfit."""

    function: Function
    into: frozenset[str] = frozenset()
    """Salesforce field types (as describe names them) that take the result; empty: any."""
    nothing: Value = None
    """What an empty source becomes."""
    digest: str = ""
    """A hash of the source for conversions written by users, so that editing them counts as editing the mapping."""

    @property
    def name(self) -> str:
        """The word for ``as:``; a trailing underscore (``id_``) keeps Python's own names apart and does not count."""
        return self.function.__name__.rstrip("_")

    @property
    def doc(self) -> str:
        """The docstring on one line."""
        return " ".join((inspect.getdoc(self.function) or "").split())

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The options that a rule may give: the keyword-only parameters, a trailing underscore does not count."""
        every = inspect.signature(self.function, eval_str=True).parameters.values()
        return {each.name.rstrip("_"): each for each in every if each.kind is inspect.Parameter.KEYWORD_ONLY}

    @cached_property
    def options(self) -> type[BaseModel]:
        """A model of the options; the time zone is optional, because the account's zone stands in for it."""
        fields: dict[str, Any] = {
            option: (ZoneInfo | None, None)
            if each.annotation is ZoneInfo
            else (each.annotation, ... if each.default is each.empty else each.default)
            for option, each in self.parameters.items()
        }
        return create_model(self.name, __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=True), **fields)

    def __call__(self, value: Value, **options: object) -> object:
        """Calls the function itself, so that one conversion can use another."""
        return self.function(value, **options)


@dataclass(frozen=True)
class Bound:
    """A conversion with the options of one rule."""

    conversion: Conversion
    options: Mapping[str, Any] = field(default_factory=dict)

    def ready(self, zone: ZoneInfo) -> Callable[[Value], Value | Unfit]:
        """The conversion as a function of the value alone; it never raises, whatever a user's function does."""
        parameters = self.conversion.parameters
        options = {parameters[name].name: value for name, value in self.options.items() if value is not None}
        for each in parameters.values():
            if each.annotation is ZoneInfo:
                options.setdefault(each.name, zone)
        function = self.conversion.function

        def convert(value: Value) -> Value | Unfit:
            try:
                return _storable(function(value, **options))
            except Exception as error:  # noqa: BLE001 - a user's function may raise anything, and one bad row stops only itself
                return Unfit(f"stopped the conversion {self.conversion.name}: {type(error).__name__}: {error}")

        return convert


def _storable(result: object) -> Value | Unfit:
    if isinstance(result, str):
        return clean(result)
    if result is None or isinstance(result, (bool, int, Unfit)):
        return result
    if isinstance(result, Decimal) and result.is_finite():
        return result
    return Unfit(f"became {quoted(repr(result))}: a conversion returns str, int, Decimal, bool, None or Unfit")


@overload
def conversion(function: Function) -> Conversion: ...
@overload
def conversion(*, into: str = "", nothing: Value = None) -> Callable[[Function], Conversion]: ...
def conversion(
    function: Function | None = None, *, into: str = "", nothing: Value = None
) -> Conversion | Callable[[Function], Conversion]:
    """Declares a conversion under the function's name; ``into`` names the Salesforce field types that take it."""

    def declare(declared: Function) -> Conversion:
        return Conversion(declared, frozenset(into.split()), nothing)

    return declare(function) if function is not None else declare
