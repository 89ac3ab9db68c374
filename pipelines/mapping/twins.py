"""Rows that claim the same external id."""

from collections.abc import Sequence


def doubled(keys: Sequence[str | None], sent: Sequence[bool]) -> list[list[int]]:
    """Groups of two and more rows that are to be sent under the same external id."""
    alive = [keys[row] for row, good in enumerate(sent) if good]
    if len(set(alive)) == len(alive):
        return []
    groups: dict[str | None, list[int]] = {}
    for row, good in enumerate(sent):
        if good:
            groups.setdefault(keys[row], []).append(row)
    return [group for group in groups.values() if len(group) > 1]
