"""user: a contact of one or several customers."""

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Kind, fields, words
from sandbox.chargeover.reading import typed, unique_external_key, written
from sandbox.chargeover.related import link
from sandbox.chargeover.table import Row

_TYPE_NAMES = {1: "Billing", 2: "Technical", 3: "Sales"}
TYPES = fields("""
    int: user_id user_type_id customer_id
    text: external_key token username name first_name middle_name_glob last_name name_suffix display_as title email
    text: phone user_type_name url_self custom*5
    datetime: write_datetime mod_datetime
    json: customers
""")
_READ_ONLY = {"user_id", "token", "user_type_name", "url_self", "display_as", "customers", "customer_id"}
WRITABLE = frozenset(TYPES) - _READ_ONLY


def full_name(row: Row) -> str:
    """First and last name together."""
    return " ".join(part for part in (row.get("first_name"), row.get("last_name")) if part)


def new_user(company: Company, fields_: Row, customer_id: int | None) -> Row:
    """Store a user, as a contact of the customer if one is given."""
    row = _named(written(company, TYPES, WRITABLE, fields_))
    unique_external_key(company, "user", row.get("external_key"))
    now = company.clock.now()
    row |= {"write_datetime": now, "mod_datetime": now, "token": company.token()}
    row.setdefault("username", company.token())
    user = company.add("user", row)
    if customer_id is not None:
        company.join(user["user_id"], customer_id)
    company.announce("user", "insert", user)
    return user


def _named(row: Row) -> Row:
    """A name given whole is also split; the whole of two parts is made."""
    if row.get("name") and "first_name" not in row and "last_name" not in row:
        row["first_name"], _, row["last_name"] = row["name"].partition(" ")
    return row


def create(company: Company, body: Row) -> int:
    """A new contact; ``customer_id`` makes it one of that customer."""
    if not any(body.get(name) for name in ("name", "first_name", "last_name", "email")):
        raise Refusal.missing("first_name, last_name or email")
    customer_id = body.get("customer_id")
    if customer_id is not None:
        company.row("customer", customer_id)
    return int(new_user(company, body, customer_id)["user_id"])


def rename(company: Company, user: Row, body: Row) -> None:
    """Change a contact's fields; mod_datetime moves [recorded, updates_contact]."""
    row = _named(written(company, TYPES, WRITABLE, body))
    unique_external_key(company, "user", row.get("external_key"), user["user_id"])
    _move(company, user, typed(company, "customer_id", "int", body.get("customer_id")))
    if ("first_name" in row or "last_name" in row) and "name" not in row:
        row["name"] = None
    company.edit("user", user, row)
    company.announce("user", "update", user)


def _move(company: Company, user: Row, customer_id: int | None) -> None:
    """Make a contact one of another customer and no longer of its first, whose main contact it may have been.

    ``customer_id`` is an input field of a contact; what a PUT of it does is inferred.
    """
    user_id, first = user["user_id"], _first_customer(company, user)
    if customer_id is None or customer_id == first:
        return
    company.row("customer", customer_id)
    if first is not None:
        company.leave(user_id, first)
        left = company.tables["customer"].rows[first]
        if left.get("superuser_id") == user_id:
            company.change("customer", left, {"superuser_id": None})
    company.join(user_id, customer_id)


def delete(company: Company, user: Row) -> None:
    """Remove a contact; customers whose main contact it was have none then."""
    for customer_id in list(company.customers_of.get(user["user_id"], ())):
        company.leave(user["user_id"], customer_id)
    company.customers_of.pop(user["user_id"], None)
    for customer in company.tables["customer"].rows_with("superuser_id", user["user_id"]):
        company.change("customer", customer, {"superuser_id": None})
    company.tables["user"].remove(user)
    company.announce("user", "delete", user)


def _customers(company: Company, row: Row) -> list[Row]:
    """Ids in here were text in 2015."""
    ids = company.customers_of.get(row["user_id"], ())
    as_recorded = str if company.settings.odd_types else int
    return [{"customer_id": as_recorded(each), "company": company.shown("customer", each, "company")} for each in ids]


def _first_customer(company: Company, row: Row) -> int | None:
    return next(iter(company.customers_of.get(row["user_id"], ())), None)


KIND = Kind(
    name="user",
    key="user_id",
    types=TYPES,
    defaults={"title": "", "phone": "", "user_type_id": 1},
    derived={
        "name": lambda _, row: row.get("name") or full_name(row),
        "display_as": lambda _, row: row.get("name") or full_name(row),
        "customer_id": _first_customer,
        "user_type_name": lambda _, row: _TYPE_NAMES.get(row.get("user_type_id", 1), "Other"),
        "url_self": link("admin/r/contact/view", "user_id"),
    },
    alone={"customers": _customers},
    filters=words("user_id external_key first_name last_name email phone user_type_id username"),
    relations={"customers.customer_id": ("int", lambda company, row: company.customers_of.get(row["user_id"], ()))},
    indexed=frozenset({"external_key", "email", "username"}),
    create=create,
    update=rename,
    delete=delete,
)
