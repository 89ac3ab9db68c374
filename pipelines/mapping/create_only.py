"""Fields that can be written only when a record is created, such as the parent of a detail that never moves."""

from pipelines.mapping.model import Mapping
from pipelines.mapping.shape import FieldShape, SObjectShape


def is_create_only(field: FieldShape) -> bool:
    """Whether an update that names the field is refused: createable but not updateable (REST API guide, describe)."""
    return field.createable and not field.updateable


def create_only(mapping: Mapping, shape: SObjectShape) -> frozenset[str]:
    """The fields and lookups of the mapping, by their names in it, that an update must leave out; never its key."""
    known = {name.casefold(): field for name, field in shape.fields.items()}
    written = ({*mapping.fields} | {*mapping.lookups}) - {mapping.external_id}
    return frozenset(
        name for name in written if (field := known.get(name.casefold())) is not None and is_create_only(field)
    )
