"""The files of a schema: what is needed, or what an org lacks, by the place of each in a source-format folder."""

from collections.abc import Sequence

from pipelines.schema.field import Field
from pipelines.schema.gap import Gap
from pipelines.schema.needs import Need
from pipelines.schema.rights import NAME, Shapes, permission_set
from pipelines.schema.xml import written


def all_files(needs: Sequence[Need]) -> dict[str, str]:
    """Everything that the mappings need."""
    files: dict[str, str] = {}
    for need in needs:
        files |= _object(need)
    return dict(sorted((files | _rights(needs, {})).items()))


def lacking_files(needs: Sequence[Need], gaps: Sequence[Gap], shapes: Shapes) -> dict[str, str]:
    """What mends these gaps: new objects whole, fields one by one, and the permission set as it must be."""
    files: dict[str, str] = {}
    for gap in gaps:
        if gap.made is not None:
            files |= _field(gap.need, gap.made)
        elif not gap.misfit.field and gap.has == "nothing" and gap.need.is_custom:
            files |= _object(gap.need)
    is_mended = any(not gap.by_hand for gap in gaps)
    return dict(sorted((files | _rights(needs, shapes)).items())) if is_mended else {}


def _object(need: Need) -> dict[str, str]:
    name = need.sobject
    own = {f"objects/{name}/{name}.object-meta.xml": written("CustomObject", need.node())} if need.is_custom else {}
    for field in need.fields:
        own |= _field(need, field)
    return own


def _field(need: Need, field: Field) -> dict[str, str]:
    return {f"objects/{need.sobject}/fields/{field.name}.field-meta.xml": written("CustomField", field.node())}


def _rights(needs: Sequence[Need], shapes: Shapes) -> dict[str, str]:
    return {f"permissionsets/{NAME}.permissionset-meta.xml": written("PermissionSet", permission_set(needs, shapes))}
