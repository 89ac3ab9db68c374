"""Fields that repeat what a related row says: names of terms, brand, currency, admin and item."""

from collections.abc import Mapping

from sandbox.chargeover.company import Company
from sandbox.chargeover.kind import Derive
from sandbox.chargeover.table import Row


def mirror(kind: str, field: str, of: str | None = None) -> Derive:
    """A field read from the row of ``kind`` that ``of`` (default ``<kind>_id``) names."""
    key = of or f"{kind}_id"

    def read(company: Company, row: Row) -> object:
        related = company.tables[kind].rows.get(row.get(key))  # type: ignore[arg-type]
        return None if related is None else related.get(field)

    return read


def link(path: str, key: str = "token") -> Derive:
    """A URL on the account's host that ends with the row's ``key``."""

    def read(company: Company, row: Row) -> str:
        return f"https://{company.settings.host}/{path}/{row[key]}"

    return read


CURRENCY: Mapping[str, Derive] = {
    "currency_iso4217": mirror("currency", "iso4217"),
    "currency_symbol": mirror("currency", "symbol"),
}
TERMS: Mapping[str, Derive] = {"terms_name": mirror("terms", "name"), "terms_days": mirror("terms", "days")}
ADMIN: Mapping[str, Derive] = {"admin_name": mirror("admin", "name")}
BRAND: Mapping[str, Derive] = {"brand_name": mirror("brand", "brand")}
CLASS: Mapping[str, Derive] = {"class_name": mirror("class", "name")}
ITEM: Mapping[str, Derive] = {
    "item_name": mirror("item", "name"),
    "item_external_key": mirror("item", "external_key"),
    "item_accounting_sku": mirror("item", "accounting_sku"),
    "item_token": mirror("item", "token"),
    "item_units": mirror("item", "units"),
    "item_type": mirror("item", "item_type"),
}
