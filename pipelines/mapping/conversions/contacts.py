"""Conversions to ways of reaching somebody: email, phone, address on the web."""

import re
from urllib.parse import urlsplit

from pipelines.mapping.conversions.declaring import Unfit, conversion
from pipelines.mapping.conversions.texts import TooLong, fitted
from pipelines.mapping.scalars import Value, clean, text_of

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+{_LABEL}\Z")


@conversion(into="email string")
def email(value: Value) -> str | Unfit:
    """An email address of at most 80 characters, checked as Salesforce checks it (INVALID_EMAIL_ADDRESS)."""
    address = clean(text_of(value)).strip()
    if len(address) > 80:
        return Unfit(f"is {len(address)} characters long, an email field takes 80")
    return address if _EMAIL.match(address) else Unfit("is not an email address; correct it, or map the field as text")


@conversion(into="phone string")
def phone(value: Value, *, too_long: TooLong = "reject") -> str | Unfit:
    """A telephone number as it was typed, at most 40 characters."""
    return fitted(clean(text_of(value)).strip(), 40, too_long)


@conversion(into="url string textarea")
def url(value: Value) -> str | Unfit:
    """An address that starts with http:// or https://, at most 255 characters: a shortened one leads nowhere."""
    address = clean(text_of(value)).strip()
    if not address.lower().startswith(("http://", "https://")) or re.search(r"\s", address) or not _host(address):
        return Unfit("is not an address such as https://example.com/a")
    return fitted(address, 255, "reject") if len(address) <= 255 else _too_long(len(address))


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _too_long(length: int) -> Unfit:
    return Unfit(f"is {length} characters long, a URL field takes 255; use a long text area with as: textarea")
