"""Conversions of places to the ISO codes that Salesforce's country and state picklists use."""

import unicodedata
from difflib import get_close_matches

from pipelines.mapping.conversions.countries import CODES, NAMES
from pipelines.mapping.conversions.declaring import Unfit, conversion
from pipelines.mapping.conversions.states import STATES
from pipelines.mapping.scalars import Value, clean, quoted, text_of

_PICKED = "picklist string"


def _word(value: Value) -> str:
    letters = unicodedata.normalize("NFKD", clean(text_of(value))[:200])
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split()).casefold()


def _near(word: str, known: dict[str, str]) -> str:
    close = get_close_matches(word, known, 1, 0.8)
    return f"; did you mean {quoted(known[close[0]])}?" if close else ""


@conversion(into=_PICKED)
def country_code(value: Value) -> str | Unfit:
    """The two letters of a country (ISO 3166-1), from its name or its code of two or three letters."""
    code = NAMES.get(_word(value).removesuffix("."), NAMES.get(_word(value)))
    return code or Unfit(f"is not a country{_near(_word(value), NAMES)}; correct it, or map the field as text")


@conversion(into=_PICKED)
def state_code(value: Value, *, country: str = "") -> str | Unfit:
    """The code of a state or province (ISO 3166-2) of the US, Canada, Australia or Brazil, from its name or code;
    country says of which, otherwise a name that means two different codes is rejected."""
    if country and country.upper() not in STATES:
        known = f"we know those of {', '.join(STATES)}"
        return Unfit(f"cannot be checked: no states of {CODES.get(country.upper(), country)} here, {known}")
    lists = [STATES[country.upper()]] if country else list(STATES.values())
    found = {each[_word(value)] for each in lists if _word(value) in each}
    if len(found) > 1:
        return Unfit(f"is the name of {' and '.join(sorted(found))}; say of which country")
    near = _near(_word(value), {name: code for each in lists for name, code in each.items()})
    return found.pop() if found else Unfit(f"is not a state or province{near}; correct it, or map the field as text")
