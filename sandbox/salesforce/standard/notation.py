"""Reads the one-line-per-field notation of the standard objects into fields."""

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.shape import NUMBER_TYPES, Choice, Field
from sandbox.salesforce.standard.picklists import VALUES


def read_fields(table: str) -> dict[str, Field]:
    """The fields of a table by name; marks: system, basic, fixed, update-only, required, always (no FLS) ..."""
    lines = [line for line in table.splitlines() if line.strip()]
    return {field.name: field for field in map(_read_line, lines)}


def _read_line(line: str) -> Field:
    name, kind, size, label, marks = (part.strip() for part in line.split("|"))
    words = marks.split()
    options = dict(word.split("=", 1) for word in words if "=" in word)
    flags = {word for word in words if "=" not in word}
    if "system" in flags:
        flags |= {"basic", "defaulted"}
    if "basic" in flags:
        flags |= {"fixed", "required", "always"}
    facts = _sizes(kind, size) | _relation(options, flags)
    return Field(
        name=name,
        type=kind,
        label=label,
        createable=not flags & {"fixed", "update-only"},
        updateable="fixed" not in flags,
        nillable=kind != "boolean" and "required" not in flags,
        defaulted_on_create=kind == "boolean" or "defaulted" in flags,
        permissionable="always" not in flags,
        restricted="restricted" in flags,
        id_lookup="id-lookup" in flags,
        name_field="name-field" in flags,
        choices=_choices(options.get("values")),
        compound=options.get("in"),
        extra_type=options.get("extra"),
        default=False if kind == "boolean" else None,
        **facts,
    )


def _sizes(kind: str, size: str) -> dict[str, Json]:
    if kind in {"id", "reference"}:
        return {"length": 18}
    if size == "-":
        return {}
    if kind == "int":
        return {"digits": int(size)}
    if kind in NUMBER_TYPES:
        precision, scale = size.split(".")
        return {"precision": int(precision), "scale": int(scale)}
    return {"length": int(size)}


def _relation(options: dict[str, str], flags: set[str]) -> dict[str, Json]:
    if "to" not in options:
        return {"relationship_name": options.get("as")}
    return {
        "reference_to": tuple(options["to"].split(",")),
        "relationship_name": options.get("as"),
        "child_relationship": options.get("children"),
        "on_delete": "cascade" if "cascade" in flags else "set_null",
    }


def _choices(key: str | None) -> tuple[Choice, ...]:
    if key is None:
        return ()
    pairs = [value.partition("=") for value in VALUES[key]]
    return tuple(Choice(value, label or value) for value, _, label in pairs)
