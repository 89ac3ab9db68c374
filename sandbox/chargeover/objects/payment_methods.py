"""creditcard, ach and tokenized: how customers pay. Numbers are kept only masked; rows have no mod_datetime."""

import calendar
from collections.abc import Callable

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Kind, fields
from sandbox.chargeover.reading import needed, typed, unique_external_key, written
from sandbox.chargeover.related import link
from sandbox.chargeover.table import Row

_CARDS = {"4": "visa", "5": "mast", "6": "disc", "3": "amex"}
CARD_NAMES = {"visa": "Visa", "mast": "MasterCard", "disc": "Discover", "amex": "American Express"}
GATEWAY_NAMES = {"visa": "visa", "mast": "mastercard", "disc": "discover", "amex": "american-express"}
ACCOUNT_NAMES = {"chec": "Checking", "busi": "Business Checking", "savi": "Savings"}
# Only this filter was seen; whether their own ids and write_datetime can be filtered is unknown: see Settings.
_FILTERS = frozenset({"customer_id"})
_ADDRESS = frozenset({"address", "city", "state", "postcode", "country"})

CARD_TYPES = fields("""
    int: creditcard_id customer_id
    text: external_key type type_name token name mask_number expdate_year expdate_month expdate_formatted address city
    text: state postcode country url_updatelink write_ipaddr
    date: expdate
    datetime: write_datetime
""")
# By analogy with creditcard; only the input fields of an account are documented.
ACCOUNT_TYPES = fields("""
    int: ach_id customer_id
    text: external_key type type_name name bank mask_number routing token
    datetime: write_datetime
""")
TOKEN_TYPES = fields("""
    int: tokenized_id customer_id
    text: type token
""")


def _owner(company: Company, body: Row) -> int:
    needed(body, "customer_id")
    return int(company.row("customer", typed(company, "customer_id", "int", body["customer_id"]))["customer_id"])


def _digits(body: Row) -> str:
    needed(body, "number")
    digits = "".join(letter for letter in str(body["number"]) if letter.isdecimal())
    if len(digits) < 4:
        raise Refusal.invalid("number", "?")
    return digits


def _create_card(company: Company, body: Row) -> int:
    row = written(company, CARD_TYPES, _ADDRESS | {"external_key", "name", "expdate"}, body)
    row["customer_id"] = _owner(company, body)
    digits = _digits(body)
    if digits[0] not in _CARDS:
        raise Refusal.invalid("number", "?")
    if row.get("expdate") is None:
        needed(body, "expdate_year", "expdate_month")
        date = f"{int(body['expdate_year']):04d}-{int(body['expdate_month']):02d}-01"
        row["expdate"] = typed(company, "expdate", "date", date)
    row |= {"type": _CARDS[digits[0]], "mask_number": f"xxxx-xxxx-xxxx-{digits[-4:]}"}
    row |= {"write_datetime": company.clock.now(), "write_ipaddr": "127.0.0.1"}
    return _stored(company, "creditcard", row)


def _create_account(company: Company, body: Row) -> int:
    row = written(company, ACCOUNT_TYPES, frozenset({"external_key", "type", "name", "bank", "routing"}), body)
    row["customer_id"] = _owner(company, body)
    if row.setdefault("type", "chec") not in ACCOUNT_NAMES:
        raise Refusal.invalid("type", row["type"])
    row |= {"mask_number": f"xxxxx{_digits(body)[-4:]}", "write_datetime": company.clock.now()}
    row["routing"] = f"xxxxx{str(row.get('routing') or '')[-4:]}"
    return _stored(company, "ach", row)


def _create_token(company: Company, body: Row) -> int:
    needed(body, "token")
    row = written(company, TOKEN_TYPES, frozenset({"type", "token"}), body)
    return _stored(company, "tokenized", {**row, "customer_id": _owner(company, body)})


def _stored(company: Company, kind: str, row: Row) -> int:
    if kind != "tokenized":
        unique_external_key(company, kind, row.get("external_key"))
    stored = company.add(kind, row)
    key = company.tables[kind].key
    customer = company.tables["customer"].rows[row["customer_id"]]
    if customer.get("default_paymethod") is None and kind != "tokenized":
        method = "crd" if kind == "creditcard" else "ach"
        company.change("customer", customer, {"default_paymethod": method, f"default_{key}": stored[key]})
    company.announce(kind, "insert", stored)
    return int(stored[key])


def _delete(kind: str) -> Callable[[Company, Row], None]:
    def delete(company: Company, row: Row) -> None:
        """Remove a payment method; packages and the customer that used it fall back to being invoiced."""
        key = company.tables[kind].key
        for package in company.tables["package"].rows_with("customer_id", row["customer_id"]):
            if package.get(key) == row[key]:
                company.change("package", package, {key: None, "paymethod": "inv"})
        customer = company.tables["customer"].rows[row["customer_id"]]
        if customer.get(f"default_{key}") == row[key]:
            company.change("customer", customer, {f"default_{key}": None, "default_paymethod": None})
        company.tables[kind].remove(row)
        company.announce(kind, "delete", row)

    return delete


def _expires(_: Company, row: Row) -> str:
    year, month, _day = row["expdate"].split("-")
    return f"{calendar.month_abbr[int(month)]} {year}"


CREDITCARD = Kind(
    name="creditcard",
    key="creditcard_id",
    types=CARD_TYPES,
    defaults={"name": ""},
    derived={
        "type_name": lambda _, row: CARD_NAMES[row["type"]],
        # Text without a leading zero, as recorded in 2015.
        "expdate_month": lambda _, row: str(int(row["expdate"][5:7])),
        "expdate_year": lambda _, row: row["expdate"][:4],
        "expdate_formatted": _expires,
        "url_updatelink": link("r/paymethod/u"),
    },
    filters=_FILTERS,
    indexed=frozenset({"customer_id"}),
    create=_create_card,
    delete=_delete("creditcard"),
)
ACH = Kind(
    name="ach",
    key="ach_id",
    types=ACCOUNT_TYPES,
    defaults={"name": ""},
    derived={"type_name": lambda _, row: ACCOUNT_NAMES[row["type"]]},
    filters=_FILTERS,
    indexed=frozenset({"customer_id"}),
    create=_create_account,
    delete=_delete("ach"),
)
TOKENIZED = Kind(
    name="tokenized",
    key="tokenized_id",
    types=TOKEN_TYPES,
    defaults={"type": "customer"},
    filters=_FILTERS,
    indexed=frozenset({"customer_id"}),
    create=_create_token,
    delete=_delete("tokenized"),
)
