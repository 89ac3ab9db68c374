"""Which values of a picklist are meant by ChargeOver's words."""

from collections.abc import Mapping, Sequence

from pipelines.mapping.suggestion.naming import likeness, words_of

_least = 0.6


def choices_for(words: Mapping[str, str], values: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """ChargeOver's word to the value that is meant, and the words for which none is."""
    found = {word: _closest(meaning, values) for word, meaning in words.items()}
    return {word: value for word, value in found.items() if value}, [word for word in words if not found[word]]


def _closest(meaning: str, values: Sequence[str]) -> str:
    """The value that says the meaning, in the same words or nearly."""
    exact = [value for value in values if value.casefold() == meaning.casefold()]
    near = sorted(values, key=lambda value: -likeness(words_of(meaning), words_of(value)))
    if exact or not near:
        return exact[0] if exact else ""
    return near[0] if likeness(words_of(meaning), words_of(near[0])) >= _least else ""
