"""What an account calls its custom fields."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.chargeover.client import ChargeOver
from pipelines.errors import Co2sfError

_column = re.compile(r"custom_[0-9]+\Z")


def labels(chargeover: ChargeOver, name: str) -> dict[str, str]:
    """Custom field of an object to its label; empty when the account tells none. One call."""
    try:
        return labels_in(chargeover.page("_customfield", []).rows, name)
    except Co2sfError:
        return {}


def labels_in(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, str]:
    """The labels in rows of ``_customfield``, whose shape is published nowhere. So no key is trusted: a row counts when
    one of its values is ``custom_N`` and another is the object's name, and its other texts are the label."""
    found = {}
    for row in rows:
        texts = [each for each in row.values() if isinstance(each, str) and each.strip()]
        columns = [each for each in texts if _column.match(each)]
        if len(columns) == 1 and name in texts:
            found[columns[0]] = ", ".join(each for each in texts if each not in {columns[0], name})
    return {column: label for column, label in found.items() if label}
