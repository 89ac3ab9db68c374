"""Record ids: 15 case-sensitive characters, and 3 more that make them safe where case gets lost."""

from typing import Final

DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
ALPHABET: Final = frozenset(DIGITS)
POD: Final = "5g0"  # the three characters after the key prefix name the instance that made the record


def lengthen(short: str) -> str:
    """The 18-character form of a 15-character id: a checksum character per five, a bit for each capital letter."""
    suffix = ""
    for start in (0, 5, 10):
        bits = sum(1 << place for place, char in enumerate(short[start : start + 5]) if "A" <= char <= "Z")
        suffix += CHECKSUM[bits]
    return short + suffix


def normalized(text: str) -> str | None:
    """The 18-character form of a 15- or 18-character id, or None when it is none (a wrong checksum: inferred)."""
    if len(text) == 15 and ALPHABET.issuperset(text):
        return lengthen(text)
    if len(text) == 18 and ALPHABET.issuperset(text) and lengthen(text[:15]) == text:
        return text
    return None


def make(prefix: str, number: int) -> str:
    """The id of the n-th record under a key prefix; ids of one object sort in the order they were made."""
    tail = ""
    while number:
        number, rest = divmod(number, 62)
        tail = DIGITS[rest] + tail
    return lengthen(prefix + POD + tail.rjust(9, "0"))


def custom_prefix(number: int) -> str:
    """The key prefix of the n-th custom object: a00, a01, ..."""
    return "a" + DIGITS[number // 62] + DIGITS[number % 62]
