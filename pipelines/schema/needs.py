"""What the mappings need an org to have: objects with their custom fields, and rights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.schema.derive import derived, marked
from pipelines.schema.field import RELATIONS, Field, label_of
from pipelines.schema.relations import plural, related, told_apart
from pipelines.schema.xml import Node

_PRIVATE = {"creditcard", "ach"}
"""Payment methods: only their owner, and who may see all records, sees them."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one mapping needs of its sObject."""

    mapping: Mapping
    fields: tuple[Field, ...]
    """The custom fields that it writes, in the order of the mapping."""

    @property
    def sobject(self) -> str:
        """The sObject that is written."""
        return self.mapping.to

    @property
    def is_custom(self) -> bool:
        """Whether the object itself can be made; standard ones are always there."""
        return self.sobject.lower().endswith("__c")

    @property
    def is_detail(self) -> bool:
        """Whether it belongs to a master."""
        return any(field.kind == "MasterDetail" for field in self.fields)

    @property
    def is_private(self) -> bool:
        """Whether others must not see its records."""
        return self.mapping.object in _PRIVATE

    @property
    def standard(self) -> tuple[str, ...]:
        """The fields of Salesforce's own that it writes."""
        return tuple(name for name in self.mapping.written if not name.lower().endswith("__c"))

    def node(self) -> Node:
        """The content of the object's own file."""
        sharing = "ControlledByParent" if self.is_detail else "Private" if self.is_private else "ReadWrite"
        label = label_of(self.sobject)
        # these three are switched together
        switches = [(name, "true") for name in ("enableBulkApi", "enableSharing", "enableStreamingApi")]
        said: list[tuple[str, str | Node]] = [
            ("deploymentStatus", "Deployed"),
            ("description", self.mapping.description or f"{self.mapping.source} of ChargeOver"),
            *switches,
            ("enableReports", "true"),
            ("enableSearch", "true"),
            ("label", label[:40]),
            ("nameField", [("label", f"{label.rpartition(' ')[2]} Name"), ("type", "Text")]),
            ("pluralLabel", plural(label[:38])),
            ("sharingModel", sharing),
        ]
        return sorted(said, key=lambda each: each[0])


def needs_of(shelf: Shelf) -> list[Need]:
    """What each mapping needs, in loading order."""
    needs = [Need(mapping, tuple(_fields(mapping, shelf.mappings))) for mapping in shelf.mappings]
    apart = iter(told_apart([field for need in needs for field in need.fields if field.kind in RELATIONS]))
    return [
        replace(need, fields=tuple(next(apart) if field.kind in RELATIONS else field for field in need.fields))
        for need in needs
    ]


def _fields(mapping: Mapping, mappings: Sequence[Mapping]) -> Iterator[Field]:
    sources = [(each.source, each.to) for each in mappings]
    for name in filter(_is_custom, mapping.fields):
        yield derived(mapping, name)
    has_master = False
    for name in filter(_is_custom, mapping.lookups):
        field = related(mapping, name, sources)
        yield replace(field, kind="Lookup") if has_master else field
        has_master = has_master or field.kind == "MasterDetail"
    marks = mapping.on_delete if isinstance(mapping.on_delete, dict) else {}
    for name in filter(_is_custom, marks):
        if name not in mapping.written:
            yield marked(mapping, name)


def _is_custom(name: str) -> bool:
    return name.lower().endswith("__c")
