"""item: what is sold; its default price is a tierset. Items are disabled, not deleted (delete is unknown)."""

from sandbox.chargeover.company import Company
from sandbox.chargeover.kind import Kind, fields, words
from sandbox.chargeover.objects import tierset
from sandbox.chargeover.reading import needed, unique_external_key, written
from sandbox.chargeover.table import Row

TYPES = fields("""
    int: item_id tax_group_id expire_recurs trial_recurs tierset_id
    text: item_type name description accounting_sku accounting_account_income external_key units units_plural
    text: tax_group_name token custom*20
    bool: enabled
    json: tiersets service_data categories
    datetime: write_datetime mod_datetime
""")
WRITABLE = frozenset(TYPES) - words(
    """item_id token tierset_id tiersets service_data categories write_datetime mod_datetime tax_group_name"""
)


def create(company: Company, body: Row) -> int:
    """A new item, priced by ``pricemodel`` {base, setup, paycycle, pricemodel, tiers} or by ``tiersets``."""
    needed(body, "name")
    row = written(company, TYPES, WRITABLE, {"item_type": body.get("type", "service"), **body})
    unique_external_key(company, "item", row.get("external_key"))
    prices = body.get("tiersets") or [body.get("pricemodel") or {}]
    ids = [tierset.new_tierset(company, each) for each in prices]
    now = company.clock.now()
    row |= {"tierset_id": ids[0], "tiersets": ids, "write_datetime": now, "mod_datetime": now}
    item = company.add("item", row)
    company.announce("item", "insert", item)
    return int(item["item_id"])


def update(company: Company, item: Row, body: Row) -> None:
    """Change an item."""
    row = written(company, TYPES, WRITABLE, body)
    unique_external_key(company, "item", row.get("external_key"), item["item_id"])
    company.edit("item", item, row)
    company.announce("item", "update", item)


KIND = Kind(
    name="item",
    key="item_id",
    types=TYPES,
    defaults={"item_type": "service", "enabled": True, "units_plural": ""},
    derived={"tiersets": lambda company, row: [tierset.shown(company, each) for each in row["tiersets"]]},
    alone={
        "service_data": lambda *_: {"trial_days": 0, "trial_units": 0, "is_usage": False},
        "categories": lambda *_: [],
    },
    filters=words("item_id name external_key accounting_sku item_type custom_1 custom_2 custom_3"),
    indexed=frozenset({"external_key"}),
    create=create,
    update=update,
)
