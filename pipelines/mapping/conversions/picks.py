"""Conversions to picklist values."""

from pipelines.mapping.conversions.declaring import Unfit, conversion
from pipelines.mapping.conversions.texts import fitted
from pipelines.mapping.scalars import Value, clean, text_of


@conversion(into="picklist combobox string")
def picklist(value: Value) -> str | Unfit:
    """One value of a picklist, at most 255 characters; choices translates ChargeOver's words."""
    return fitted(clean(text_of(value)).strip(), 255, "reject")


@conversion(into="multipicklist string textarea")
def multipicklist(value: Value, *, separator: str = ";") -> str | Unfit:
    """Several values of a picklist, each once, in the order they come; separator says what stands between them."""
    if not separator:
        return Unfit("cannot be taken apart; give a separator")
    parts = [part.strip() for part in clean(text_of(value)).split(separator)]
    if any(";" in part for part in parts):
        return Unfit("holds a semicolon inside a value, which Salesforce reads as two values")
    return fitted(";".join(dict.fromkeys(part for part in parts if part)), 4099, "reject")
