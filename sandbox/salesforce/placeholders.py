"""@{ref.id} in a composite: values from the bodies of earlier subrequests."""

import re
from collections.abc import Mapping
from typing import Final

from sandbox.salesforce.errors import CallError
from sandbox.salesforce.jsonvalue import Json

PLACEHOLDER: Final = re.compile(r"@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}")
STEP: Final = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")
REFERENCE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")


class NoValueError(Exception):
    """A reference to something that is not there; the subrequest is halted (code and text inferred)."""


def check_reference_id(reference_id: str, seen: set[str]) -> None:
    """Letters, digits and underscores, each id once (text verified in a public pull request, code inferred)."""
    if not REFERENCE_ID.fullmatch(reference_id):
        message = (
            f"Provided referenceId ('{reference_id}') must start with a letter or a number, and it can contain only "
            "letters, numbers and underscores ('_')."
        )
        raise CallError(400, "INVALID_INPUT", message)
    if reference_id in seen:
        raise CallError(400, "INVALID_INPUT", f"Duplicate referenceId: {reference_id}")
    seen.add(reference_id)


def filled(value: Json, known: Mapping[str, Json]) -> Json:
    """The value with its placeholders replaced; without any it is returned as it is, not copied."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda match: str(_lookup(match, known)), value) if "@{" in value else value
    if isinstance(value, dict):
        new = {key: filled(inner, known) for key, inner in value.items()}
        return new if any(new[key] is not inner for key, inner in value.items()) else value
    if isinstance(value, list):
        items = [filled(inner, known) for inner in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


def _lookup(match: re.Match[str], known: Mapping[str, Json]) -> Json:
    reference_id, steps = match[1], match[2]
    here = known.get(reference_id)
    for name, number in STEP.findall(steps):
        here = _step(here, name, number)
    if here is None or isinstance(here, dict | list):
        raise NoValueError(f"Invalid reference specified. No value for {match[0][2:-1]} found in {reference_id}")
    return here


def _step(here: Json, name: str, number: str) -> Json:
    if number:
        return here[int(number)] if isinstance(here, list) and int(number) < len(here) else None
    if not isinstance(here, dict):
        return None
    return next((value for key, value in here.items() if key.lower() == name.lower()), None)
