"""A drafted rule or lookup, and which fields may have one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.mapping.shape import FieldShape


@dataclass(frozen=True, slots=True)
class Rule:
    """One drafted rule or lookup: its options as they are written, and why it is there."""

    target: str
    sources: tuple[str, ...]
    note: str
    options: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    todo: tuple[str, ...] = ()


def is_writeable(target: FieldShape) -> bool:
    """Whether a mapping can write the field at all."""
    return target.createable or target.updateable
