"""The rows of a frame as rules see them: columns of Python values, what is absent, what could not be read."""

import json
from collections.abc import Sequence

import pandas as pd

from pipelines.mapping.frame import ABSENT, PROBLEMS, values_of
from pipelines.mapping.model import Rule
from pipelines.mapping.scalars import Value, text_of

_ZEROS = {"0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00"}


def is_empty(value: Value) -> bool:
    """Whether ChargeOver means nothing by it: null, blank text, or a date of zeros."""
    return value is None or (isinstance(value, str) and (not value.strip() or value.strip() in _ZEROS))


class Rows:
    """A frame, opened once for all rules of a mapping."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.size = len(frame)
        self._frame = frame
        self._columns: dict[str, list[Value]] = {}
        absent = values_of(frame, ABSENT)
        self._absent = {row: set(names.split(" ")) for row, names in enumerate(absent) if names}
        problems = values_of(frame, PROBLEMS)
        self.problems: dict[int, dict[str, str]] = {row: json.loads(text) for row, text in enumerate(problems) if text}

    def values(self, name: str) -> list[Value]:
        """One column; None where there is no value, whatever the reason."""
        if name not in self._columns:
            self._columns[name] = values_of(self._frame, name)
        return self._columns[name]

    def glued(self, names: Sequence[str], separator: str | None) -> list[Value]:
        """One column, or several with the non-empty values joined as text."""
        if len(names) == 1:
            return self.values(names[0])
        parts = zip(*(self.values(name) for name in names), strict=True)
        return [(separator or "").join(text_of(each) for each in row if not is_empty(each)) or None for row in parts]

    def first(self, names: Sequence[str]) -> list[Value]:
        """Of several columns the first value that is not empty."""
        parts = zip(*(self.values(name) for name in names), strict=True)
        found = [next((each for each in row if not is_empty(each)), None) for row in parts]
        return [text_of(each) if isinstance(each, bool) else each for each in found]  # True and 1 are one key of a dict

    def of(self, rule: Rule) -> list[Value]:
        """The source values of a rule."""
        return self.first(rule.sources) if rule.take else self.glued(rule.sources, rule.join)

    def without(self, names: Sequence[str]) -> set[int]:
        """The rows whose record had none of the names: nothing is known, so nothing is said."""
        named = [name for name in names if name in self._frame]
        if not named:
            return set(range(self.size)) if names else set()
        return {row for row, absent in self._absent.items() if absent.issuperset(named)}

    def lacking(self, names: Sequence[str]) -> set[int]:
        """The rows in which at least one of the names is absent or empty."""
        return {row for name in names for row, value in enumerate(self.values(name)) if is_empty(value)}

    def unreadable(self, names: Sequence[str]) -> dict[int, str]:
        """Row to what could not be read in the first bad one of the names."""
        found: dict[int, str] = {}
        for row, problems in self.problems.items():
            bad = next((name for name in names if name in problems), None)
            if bad:
                found[row] = f"{problems[bad]}; correct {bad} in ChargeOver"
        return found
