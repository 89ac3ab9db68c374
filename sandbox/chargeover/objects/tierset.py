"""tierset: a price, flat or by quantity; it belongs to an item or to one package line."""

from decimal import Decimal

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Shape, fields
from sandbox.chargeover.money import ZERO, amount, rounded
from sandbox.chargeover.reading import listed
from sandbox.chargeover.related import CURRENCY
from sandbox.chargeover.table import Row

PAYCYCLES = {
    "evy": "Every Invoice",
    "1wk": "Weekly",
    "2wk": "Every Two Weeks",
    "mon": "Monthly",
    "2mn": "Every Other Month",
    "qtr": "Quarterly",
    "six": "Every Six Months",
    "yrl": "Yearly",
}
_MODELS = {
    "fla": "Flat Pricing (e.g. $X dollars per month)",
    "uni": "Unit Pricing (e.g. $X dollars per unit)",
    "vol": "Volume Pricing",
    "tie": "Tiered Pricing",
}
SHAPE = Shape(
    name="tierset",
    types=fields("""
    int: tierset_id currency_id
    text: percent paycycle pricemodel currency_iso4217 currency_symbol setup_formatted base_formatted percent_formatted
    text: pricemodel_desc
    money: setup base
    datetime: write_datetime mod_datetime
    json: tiers
    """),
    defaults={"percent": "0.000000", "percent_formatted": "0 %", "paycycle": "mon", "pricemodel": "fla"},
    derived={
        **CURRENCY,
        "setup_formatted": lambda company, row: _formatted(company, row, "setup"),
        "base_formatted": lambda company, row: _formatted(company, row, "base"),
        "pricemodel_desc": lambda _, row: _MODELS[row.get("pricemodel", "fla")],
        "tiers": lambda _, row: row.get("tiers") or [],
    },
)


def _formatted(company: Company, row: Row, name: str) -> str:
    return f"{company.shown('currency', row.get('currency_id', 1), 'symbol')} {rounded(row.get(name, ZERO))}"


def new_tierset(company: Company, body: Row) -> int:
    """Store the price a body describes and return its id."""
    paycycle, model = body.get("paycycle", "mon"), body.get("pricemodel", "fla")
    if paycycle not in PAYCYCLES:
        raise Refusal.invalid("paycycle", paycycle)
    if model not in _MODELS:
        raise Refusal.invalid("pricemodel", model)
    now = company.clock.now()
    row = {
        "setup": amount(body.get("setup") or 0, "setup"),
        "base": amount(body.get("base") or 0, "base"),
        "paycycle": paycycle,
        "pricemodel": model,
        "currency_id": body.get("currency_id", 1),
        "tiers": [_tier(number, each) for number, each in enumerate(listed(body, "tiers"), 1)],
        "write_datetime": now,
        "mod_datetime": now,
    }
    return company.tables["tierset"].add(row)


def _tier(number: int, body: Row) -> Row:
    bounds = {name: amount(body.get(name) or 0, name) for name in ("unit_from", "unit_to", "amount")}
    return {"tier_id": number, **bounds}


def price(tierset: Row, quantity: Decimal) -> Decimal:
    """What a quantity costs for one cycle."""
    base: Decimal = tierset.get("base", ZERO)
    model = tierset.get("pricemodel", "fla")
    if model == "fla":
        return base
    if model == "uni":
        return base * quantity
    tiers = [(tier["unit_from"], tier["unit_to"], tier["amount"]) for tier in tierset.get("tiers") or []]
    if model == "vol":
        rate = next((each for low, high, each in tiers if low <= quantity <= (high or quantity)), ZERO)
        return base + rate * quantity
    # Tiers count from unit_from to unit_to inclusive; the last may be open (unit_to 0).
    return base + sum(
        (each * max(ZERO, min(quantity, high or quantity) - max(low, Decimal(1)) + 1) for low, high, each in tiers),
        ZERO,
    )


def shown(company: Company, tierset_id: int | None) -> Row | None:
    """A tierset as it stands inside items and package lines."""
    row = company.tables["tierset"].get(tierset_id)
    return None if row is None else SHAPE.answer(company, row, alone=False)
