"""Conversions to text: what is kept, what is removed, what happens to text that is too long."""

import html as markup
from typing import Annotated, Literal

from pydantic import Field

from pipelines.mapping.conversions.declaring import Unfit, conversion
from pipelines.mapping.scalars import Value, clean, text_of

Length = Annotated[int, Field(gt=0, le=131_072)]
TooLong = Literal["reject", "cut"]
TEXT_TYPES = "string textarea encryptedstring picklist combobox phone url email id reference multipicklist"


def length_of(text: str) -> int:
    """Length as Salesforce counts at most: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def fitted(text: str, most: int | None, too_long: TooLong) -> str | Unfit:
    """``text`` within ``most`` characters: cut between characters, or Unfit with the length it has."""
    if most is None or len(text) * 2 <= most or (length := length_of(text)) <= most:
        return text
    if too_long == "cut":
        return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")
    return Unfit(f"is {length} characters long, {most} fit; write too_long: cut to shorten it")


@conversion(into=TEXT_TYPES)
def text(value: Value, *, max_: Length | None = None, too_long: TooLong = "reject") -> str | Unfit:
    """Text as it is, without control characters; numbers plain (42.5, never 42.50), truth as true or false."""
    return fitted(clean(text_of(value)), max_, too_long)


@conversion(into="textarea string")
def textarea(value: Value, *, max_: Length | None = None, too_long: TooLong = "reject") -> str | Unfit:
    """Text of several lines; every line end becomes a line feed."""
    return fitted(clean(text_of(value)).replace("\r\n", "\n").replace("\r", "\n"), max_, too_long)


@conversion(into="textarea")
def rich_text(value: Value, *, html: bool = False, max_: Length | None = None) -> str | Unfit:
    """Text for a rich text area: markup signs are escaped, line ends become line breaks; html: true sends it as is."""
    plain_text = clean(text_of(value)).replace("\r\n", "\n").replace("\r", "\n")
    rich = plain_text if html else markup.escape(plain_text, quote=False).replace("\n", "<br>")
    return fitted(rich, max_, "reject")  # cutting could leave half a tag


@conversion(into=TEXT_TYPES)
def upper(value: Value, *, max_: Length | None = None, too_long: TooLong = "reject") -> str | Unfit:
    """Text in capitals, without blanks around it."""
    return fitted(clean(text_of(value)).strip().upper(), max_, too_long)


@conversion(into=TEXT_TYPES)
def lower(value: Value, *, max_: Length | None = None, too_long: TooLong = "reject") -> str | Unfit:
    """Text in small letters, without blanks around it."""
    return fitted(clean(text_of(value)).strip().lower(), max_, too_long)


@conversion(into=TEXT_TYPES)
def trim(value: Value, *, max_: Length | None = None, too_long: TooLong = "reject") -> str | Unfit:
    """Text without blanks around it, and with single blanks inside."""
    return fitted(" ".join(clean(text_of(value)).split()), max_, too_long)
