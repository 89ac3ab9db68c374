"""quote: an offer with lines; won ones link to the package and invoice they became. It has no mod_datetime.

How the API accepts or rejects a quote is unknown; here a PUT of quote_status_str does.
"""

from decimal import Decimal

from sandbox.chargeover.addresses import BLOCKS, FIELDS, WRITABLE
from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Child, Kind, fields, words
from sandbox.chargeover.money import ZERO, rounded
from sandbox.chargeover.objects import package_actions, tierset
from sandbox.chargeover.reading import listed, needed, typed, unique_external_key, written
from sandbox.chargeover.related import ADMIN, CURRENCY, ITEM, TERMS, link
from sandbox.chargeover.table import Row
from sandbox.chargeover.times import day_after

_NAMES = {"open-new": "New", "open-sent": "Sent", "closed-won": "Accepted", "closed-lost": "Rejected"}
TYPES = fields(
    FIELDS
    + """
    int: quote_id customer_id currency_id terms_id terms_days class_id brand_id admin_id
    text: refnumber external_key paycycle paycycle_name nickname currency_iso4217 currency_symbol terms_name admin_name
    text: token url_permalink url_pdflink url_self url_acceptlink url_rejectlink quote_status_name quote_status_str
    text: quote_status_state memo custom*5
    date: date due_date
    money: setup total subtotal taxes
    datetime: write_datetime holduntil_datetime accepted_datetime rejected_datetime
    json: invoices packages
    """
)
# The column names of a quote's lines are not published; they follow those of the other lines (inferred).
LINE_TYPES = fields("""
    int: line_item_id quote_id item_id tierset_id
    text: item_name item_external_key item_accounting_sku item_token item_units item_type paycycle descrip external_key
    text: nickname custom*3
    money: line_rate line_quantity line_subtotal line_total
    json: tierset
""")
_WRITABLE = (
    WRITABLE
    | words("""refnumber external_key paycycle nickname date due_date terms_id class_id brand_id admin_id memo""")
    | {"holduntil_datetime", "custom_1", "custom_2", "custom_3", "custom_4", "custom_5"}
)


def create(company: Company, body: Row) -> int:
    """A new quote of a customer with its lines."""
    needed(body, "customer_id", "line_items")
    customer = company.row("customer", typed(company, "customer_id", "int", body["customer_id"]))
    row = {name: value for name, value in written(company, TYPES, _WRITABLE, body).items() if value is not None}
    unique_external_key(company, "quote", row.get("external_key"))
    lines = [_line(company, each) for each in listed(body, "line_items")]
    for name in ("terms_id", "currency_id"):
        row.setdefault(name, customer.get(name))
    row.setdefault("date", company.today())
    row.setdefault("due_date", day_after(row["date"], 30))
    row |= sums_of(company, lines) | {"customer_id": customer["customer_id"], "write_datetime": company.clock.now()}
    row |= {"quote_status_str": "open-new", "quote_status_state": "o"}
    quote = company.add("quote", row)
    quote_id = int(quote["quote_id"])
    quote.setdefault("refnumber", str(quote_id))
    company.lines["quote"][quote_id] = [company.add_line("quote", quote_id, line) for line in lines]
    company.announce("quote", "insert", quote)
    return quote_id


def _line(company: Company, body: Row) -> Row:
    line = package_actions.line_of(company, body)
    del line["subscribe_datetime"]
    return priced(company, line)


def priced(company: Company, line: Row) -> Row:
    """A line with what it costs per cycle."""
    price = company.tables["tierset"].rows[line["tierset_id"]]
    subtotal = rounded(tierset.price(price, line.get("line_quantity", Decimal(1))))
    line |= {"line_rate": price.get("base", ZERO), "line_subtotal": subtotal, "line_total": subtotal}
    return line | {"paycycle": price.get("paycycle", "mon")}


def sums_of(company: Company, lines: list[Row]) -> Row:
    """A quote's totals from its lines."""
    total = sum((line["line_subtotal"] for line in lines), ZERO)
    setup = sum((company.tables["tierset"].rows[line["tierset_id"]].get("setup", ZERO) for line in lines), ZERO)
    return {"total": total, "subtotal": total, "taxes": ZERO, "setup": setup}


def update(company: Company, quote: Row, body: Row) -> None:
    """Change an open quote, or close it by quote_status_str; there is no mod_datetime to move."""
    row = written(company, TYPES, _WRITABLE, body)
    unique_external_key(company, "quote", row.get("external_key"), quote["quote_id"])
    status = body.get("quote_status_str", quote["quote_status_str"])
    if status not in _NAMES:
        raise Refusal.invalid("quote_status_str", status)
    if body.get("line_items"):
        lines = [_line(company, each) for each in listed(body, "line_items")]
        quote_id = quote["quote_id"]
        company.lines["quote"][quote_id] = [company.add_line("quote", quote_id, line) for line in lines]
        row |= sums_of(company, lines)
    row |= {"quote_status_str": status, "quote_status_state": status[0]}
    closes = {"closed-won": "accepted_datetime", "closed-lost": "rejected_datetime"}.get(status)
    if closes is not None and quote.get(closes) is None:
        row[closes] = company.clock.now()
    company.change("quote", quote, row)
    company.announce("quote", "update", quote)


def _became(company: Company, kind: str, row: Row) -> list[Row]:
    links = company.quote_of[kind].items()
    return [{f"{kind}_id": row_id} for row_id, quote_id in links if quote_id == row["quote_id"]]


KIND = Kind(
    name="quote",
    key="quote_id",
    types=TYPES,
    defaults={"brand_id": 1, "paycycle": "mon", "nickname": ""},
    derived={
        **BLOCKS,
        **CURRENCY,
        **TERMS,
        **ADMIN,
        "paycycle_name": lambda _, row: tierset.PAYCYCLES[row.get("paycycle", "mon")],
        "quote_status_name": lambda _, row: _NAMES[row["quote_status_str"]],
        "url_permalink": link("r/quote/view"),
        "url_pdflink": link("r/quote/pdf"),
        "url_self": link("admin/r/quote/view", "quote_id"),
        "url_acceptlink": link("r/quote/accept"),
        "url_rejectlink": link("r/quote/reject"),
    },
    alone={
        "invoices": lambda company, row: _became(company, "invoice", row),
        "packages": lambda company, row: _became(company, "package", row),
    },
    child=Child(
        name="line_items",
        types=LINE_TYPES,
        defaults={"line_quantity": 1, "nickname": ""},
        derived=ITEM,
        alone={"tierset": lambda company, row: tierset.shown(company, row.get("tierset_id"))},
        rows=lambda company, row: company.lines["quote"].get(row["quote_id"], ()),
    ),
    filters=words(
        """quote_id customer_id brand_id currency_id refnumber token external_key date bill_state ship_state
        bill_country ship_country quote_status_str quote_status_state"""
    ),
    indexed=frozenset({"customer_id", "token", "external_key", "refnumber"}),
    create=create,
    update=update,
)
