"""customer: who is billed; its main contact shows through as superuser_* and can be written through it."""

from sandbox.chargeover import overdue
from sandbox.chargeover.addresses import BLOCKS, FIELDS
from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Derive, Kind, fields, words
from sandbox.chargeover.objects.removal import remove_customer
from sandbox.chargeover.objects.user import full_name, new_user, rename
from sandbox.chargeover.reading import unique_external_key, written
from sandbox.chargeover.related import CURRENCY, TERMS, link, mirror
from sandbox.chargeover.settling import settle_customer
from sandbox.chargeover.table import Row

_CONTACT = ("email", "name", "first_name", "last_name", "phone", "title")

TYPES = fields(
    FIELDS
    + """
    int: customer_id parent_customer_id superuser_id language_id currency_id terms_id terms_days class_id admin_id
    int: campaign_id custtype_id brand_id default_creditcard_id default_ach_id customer_status_id
    text: token external_key display_as company currency_iso4217 currency_symbol terms_name admin_name admin_email
    text: campaign_details default_paymethod tax_ident superuser_username superuser_email superuser_name
    text: superuser_first_name superuser_last_name superuser_phone superuser_token superuser_title
    text: customer_status_name customer_status_str customer_status_state invoice_delivery dunning_delivery
    text: url_paymethodlink url_self write_ipaddr mod_ipaddr custom*50
    bool: no_taxes no_dunning no_latefees
    flag: no_procfees
    money: total paid balance
    datetime: write_datetime mod_datetime
    json: tags
    """
)
_READ_ONLY = words(
    """customer_id token superuser_id superuser_username superuser_token currency_iso4217 currency_symbol terms_name
    terms_days admin_name admin_email total paid balance customer_status_id customer_status_name customer_status_str
    customer_status_state url_paymethodlink url_self write_datetime write_ipaddr mod_datetime mod_ipaddr bill_block
    ship_block display_as tags default_paymethod default_creditcard_id default_ach_id"""
) | {f"superuser_{part}" for part in _CONTACT}
WRITABLE = frozenset(TYPES) - _READ_ONLY


def _contact(part: str) -> Derive:
    return mirror("user", part, "superuser_id")


def _contact_name(company: Company, row: Row) -> str:
    user = company.tables["user"].get(row.get("superuser_id"))
    return "" if user is None else user.get("name") or full_name(user)


def _text_of(derive: Derive) -> Derive:
    return lambda company, row: derive(company, row) or ""


def create(company: Company, body: Row) -> int:
    """A new customer, with its main contact when superuser_* fields name one."""
    row = written(company, TYPES, WRITABLE, body)
    contact = contact_of(body)
    if not row.get("company") and not contact:
        raise Refusal.missing("company")
    unique_external_key(company, "customer", row.get("external_key"))
    now = company.clock.now()
    row.setdefault(
        "company", contact.get("name") or " ".join(filter(None, map(contact.get, ("first_name", "last_name"))))
    )
    row.setdefault("terms_id", 2)
    row.setdefault("currency_id", 1)
    row |= {"write_datetime": now, "mod_datetime": now, "write_ipaddr": "127.0.0.1", "mod_ipaddr": "127.0.0.1"}
    customer = company.add("customer", row)
    if contact:
        user = new_user(company, contact, customer["customer_id"])
        company.tables["customer"].change(customer, {"superuser_id": user["user_id"]})
    settle_customer(company, customer["customer_id"])
    company.announce("customer", "insert", customer)
    return int(customer["customer_id"])


def contact_of(body: Row) -> Row:
    """The main contact's fields that a customer body carries as superuser_*."""
    return {part: body[f"superuser_{part}"] for part in _CONTACT if body.get(f"superuser_{part}") is not None}


def update(company: Company, customer: Row, body: Row) -> None:
    """Change a customer, and its main contact through superuser_*; mod_datetime moves [recorded, update_customer]."""
    row = written(company, TYPES, WRITABLE - {"currency_id"}, body)
    customer_id = customer["customer_id"]
    unique_external_key(company, "customer", row.get("external_key"), customer_id)
    if row.get("parent_customer_id") == customer_id:
        raise Refusal.invalid("parent_customer_id", customer_id)
    contact = contact_of(body)
    user = company.tables["user"].get(customer.get("superuser_id"))
    if contact and user is None:
        row["superuser_id"] = new_user(company, contact, customer_id)["user_id"]
    elif contact and user is not None:
        rename(company, user, contact)
    company.edit("customer", customer, row)
    company.announce("customer", "update", customer)


KIND = Kind(
    name="customer",
    key="customer_id",
    types=TYPES,
    defaults={
        "brand_id": 1,
        "language_id": 1,
        "tax_ident": "",
        "invoice_delivery": "email",
        "dunning_delivery": "email",
    },
    derived={
        **BLOCKS,
        **CURRENCY,
        **TERMS,
        **overdue.CUSTOMER,
        **{f"superuser_{part}": _text_of(_contact(part)) for part in _CONTACT},
        "superuser_name": _contact_name,
        "superuser_token": _contact("token"),
        "admin_name": mirror("admin", "name"),
        "admin_email": mirror("admin", "email"),
        "display_as": lambda _, row: row.get("company"),
        "url_paymethodlink": link("r/paymethod/i"),
        "url_self": link("admin/r/customer/view", "customer_id"),
    },
    # Missing from lists, present by id [recorded 2015].
    alone={"superuser_username": _contact("username"), "tags": lambda *_: []},
    filters=words(
        """customer_id parent_customer_id bill_state ship_state bill_country ship_country external_key token company
        superuser_id superuser_email write_datetime mod_datetime customer_status_state customer_status_str"""
    )
    | {f"custom_{n}" for n in range(1, 51)},
    indexed=frozenset({"parent_customer_id", "external_key", "token", "superuser_id"}),
    create=create,
    update=update,
    delete=remove_customer,
)
