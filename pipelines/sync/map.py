"""Map: staged records become payloads, rejections and rows outside the mapping, part by part."""

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

import pandas as pd

from pipelines.chargeover.object import Object
from pipelines.mapping.frame import ABSENT, OBSERVED_AT, PROBLEMS
from pipelines.mapping.model import Mapping
from pipelines.mapping.stack import inherit
from pipelines.mapping.translate import Identity, Translation, translate
from pipelines.sync.stager import parent_column
from pipelines.sync.staging import Dataset, Manifest


def map_records(mapping: Mapping, kind: Object, source: Dataset, target: Dataset, zone: ZoneInfo) -> Manifest:
    """Stage what every record of ``source`` becomes: frames ``payloads``, ``rejections`` and ``outside``."""
    read = source.manifest()
    rows = {"payloads": 0, "rejections": 0, "outside": 0}
    target.open()
    for part in source.parts():
        translation = translation_of(mapping, kind, partial(_read, mapping, kind, source, part), zone)
        for name in rows:
            frame = getattr(translation, name)
            target.write(part, name, frame)
            rows[name] += len(frame)
    return target.close(
        read.model_copy(update={"rows": rows, "fingerprint": mapping.fingerprint, "records": str(source.folder)})
    )


def _read(mapping: Mapping, kind: Object, source: Dataset, part: int, name: str) -> pd.DataFrame:
    """Of the frame of an object or of its children what the mapping looks at: a customer has some 100 columns."""
    prefix = f"{kind.name}." if mapping.children and name == kind.name else ""
    looked_at = {each.removeprefix(prefix) for each in mapping.all_sources() if each.startswith(prefix)}
    always = {kind.key, kind.customer or kind.key, parent_column, OBSERVED_AT, ABSENT, PROBLEMS}
    return source.read(part, name, looked_at | always)


def translation_of(mapping: Mapping, kind: Object, frame: Callable[[str], pd.DataFrame], zone: ZoneInfo) -> Translation:
    """What the records of one part become; ``frame`` gives the part's frame of an object or of its children."""
    return translate(_records(mapping, kind, frame), mapping, _identity(mapping, kind), zone)


def _records(mapping: Mapping, kind: Object, frame: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The rows that a mapping reads; a child's rows carry their parent's fields as ``object.field``."""
    own = frame(mapping.source)
    return inherit(own, frame(kind.name), on=parent_column, key=kind.key, prefix=kind.name) if mapping.children else own


def _identity(mapping: Mapping, kind: Object) -> Identity:
    prefix = f"{kind.name}." if mapping.children else ""
    return Identity(f"{prefix}{kind.key}", f"{prefix}{kind.customer}" if kind.customer else None)
