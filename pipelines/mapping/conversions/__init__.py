"""What a value can become: named conversions, built in or written by users beside their mappings."""

from pipelines.mapping.conversions import contacts, moments, numbers, picks, places, structures, texts
from pipelines.mapping.conversions.declaring import Bound, Conversion, Unfit, conversion

_ROOMS = (texts, numbers, moments, picks, contacts, places, structures)


def _declared() -> dict[str, Conversion]:
    found = (each for room in _ROOMS for each in vars(room).values() if isinstance(each, Conversion))
    return {each.name: each for each in found}


BUILT_IN = _declared()

__all__ = ["BUILT_IN", "Bound", "Conversion", "Unfit", "conversion"]
