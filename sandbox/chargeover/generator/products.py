"""What a made-up company sells: some forty items, one of them free, some priced by quantity."""

from decimal import Decimal

from sandbox.chargeover.company import Company
from sandbox.chargeover.objects import item
from sandbox.chargeover.table import Row

_PLANS = ("Starter", "Basic", "Plus", "Business", "Enterprise", "Ünlimited", "Free")
_LINES = ("Phone", "Fax", "Backup", "Monitoring")
_BASES = ("9.95", "19.99", "42.50", "99", "450", "0.99", "0")
_EXTRAS = ("Extra Line", "Handset", "Number Port", "Onboarding", "Café ☕ Support", "Storage Block")
_TIERS = [
    {"unit_from": 1, "unit_to": 10, "amount": "4.50"},
    {"unit_from": 11, "unit_to": 100, "amount": "3.25"},
    {"unit_from": 101, "unit_to": 0, "amount": "1.99"},
]


def stock(company: Company) -> None:
    """Create the items."""
    for line in _LINES:
        for plan, base in zip(_PLANS, _BASES, strict=True):
            key = f"{line}-{plan}".lower()
            price: Row = {
                "base": base,
                "paycycle": "mon",
                "pricemodel": "fla",
                "setup": "25" if plan == "Enterprise" else 0,
            }
            about = None if plan == "Basic" else f"{plan} plan for {line.lower()} service"
            item.create(
                company, {"name": f"{line} {plan}", "external_key": key, "description": about, "pricemodel": price}
            )
    for number, extra in enumerate(_EXTRAS):
        model = {"base": 5 + number, "paycycle": "mon", "pricemodel": "uni"}
        tiered = {"base": 0, "paycycle": "mon", "pricemodel": "tie", "tiers": _TIERS}
        rate: Row = tiered if extra == "Storage Block" else model
        item.create(
            company, {"name": extra, "accounting_sku": f"SKU-{number:03d}", "units": "unit", "pricemodel": rate}
        )
    item.create(company, {"name": "Legacy Pager", "enabled": False, "custom_1": "sunset", "pricemodel": {"base": 3}})


def line_for(company: Company, currency_id: int, cycles: int) -> Row:
    """A line of a package or quote: an item at a price in the customer's currency for a cycle of some months."""
    random = company.random
    sold = company.tables["item"].rows[random.randrange(1, len(company.tables["item"].ids))]
    default = company.tables["tierset"].rows[sold["tierset_id"]]
    line: Row = {"item_id": sold["item_id"]}
    if default["pricemodel"] != "fla":
        line["line_quantity"] = random.choice((1, 2, 3, 5, 12, 120))
    base = default["base"] * cycles
    # A yen has no hundredths.
    base = Decimal(int(base * 100)) if currency_id == _YEN else base
    kept = {name: default[name] for name in ("pricemodel", "setup", "tiers")}
    if currency_id == _YEN:
        kept["tiers"] = [{**tier, "amount": Decimal(int(tier["amount"] * 100))} for tier in kept["tiers"]]
    line["tierset"] = {**kept, "base": base, "currency_id": currency_id}
    if random.random() < 0.1:
        line["external_key"] = f"line-{random.randrange(10**9)}"
    return line


_YEN = 4
