"""package: a subscription with its lines, as it is answered; what can be done to it stands in package_actions."""

from sandbox.chargeover import overdue
from sandbox.chargeover.addresses import BLOCKS
from sandbox.chargeover.company import Company
from sandbox.chargeover.kind import Child, Kind, words
from sandbox.chargeover.objects import package_actions as actions
from sandbox.chargeover.objects import tierset
from sandbox.chargeover.objects.package_fields import LINE_TYPES, TYPES
from sandbox.chargeover.objects.payment_methods import CARD_NAMES
from sandbox.chargeover.related import ADMIN, BRAND, CLASS, CURRENCY, ITEM, TERMS, link
from sandbox.chargeover.table import Row

_METHODS = {"crd": "Credit Card", "ach": "ACH", "inv": "Invoice", "tok": "External Token"}


def _method_detail(company: Company, row: Row) -> str:
    card = company.tables["creditcard"].get(row.get("creditcard_id"))
    if card is not None:
        return f"{CARD_NAMES[card['type']]} x{card['mask_number'][-4:]}"
    account = company.tables["ach"].get(row.get("ach_id"))
    return "" if account is None else f"ACH x{account['mask_number'][-4:]}"


def _users(company: Company, row: Row) -> list[Row]:
    ids = company.users_of.get(row["customer_id"], ())
    return [company.tables["user"].rows[user_id] for user_id in ids]


LINE = Child(
    name="line_items",
    types=LINE_TYPES,
    defaults={"nickname": "", "license": "", "trial_days": 0, "trial_units": 0, "line_quantity": 1},
    derived=ITEM,
    # The webhook samples' lines have no tierset, the answers of GET by id do; whether expand adds it is unknown.
    alone={"tierset": lambda company, row: tierset.shown(company, row.get("tierset_id"))},
    rows=lambda company, row: company.lines["package"].get(row["package_id"], ()),
)

KIND = Kind(
    name="package",
    key="package_id",
    types=TYPES,
    defaults={"nickname": "", "brand_id": 1, "paymethod": "inv", "paycycle": "mon"},
    derived={
        **BLOCKS,
        **CURRENCY,
        **TERMS,
        **ADMIN,
        **BRAND,
        **CLASS,
        **overdue.PACKAGE,
        "paymethod_name": lambda _, row: _METHODS[row.get("paymethod", "inv")],
        "paymethod_detail": _method_detail,
        "amount_due": lambda _, row: row["amount_invoiced"] - row["amount_collected"],
        "cache_next_invoice": lambda _, row: row.get("next_invoice_datetime"),
        "url_self": link("admin/r/package/view", "package_id"),
    },
    child=LINE,
    filters=words(
        """package_id customer_id token brand_id paymethod paycycle nickname bill_state ship_state package_status_str
        package_status_state external_key write_datetime mod_datetime cancel_datetime"""
    )
    | {f"custom_{n}" for n in range(1, 21)},
    relations={
        "line_items.external_key": ("text", lambda c, row: [line.get("external_key") for line in LINE.rows(c, row)]),
        "line_items.custom_1": ("text", lambda c, row: [line.get("custom_1") for line in LINE.rows(c, row)]),
        "line_items.item_id": ("int", lambda c, row: [line["item_id"] for line in LINE.rows(c, row)]),
        "customer.superuser_email": (
            "text",
            lambda c, row: [c.shown("user", c.shown("customer", row["customer_id"], "superuser_id"), "email")],
        ),
        "customer.users.email": ("text", lambda c, row: [user.get("email") for user in _users(c, row)]),
        "quote.quote_id": ("int", lambda c, row: [c.quote_of["package"].get(row["package_id"])]),
    },
    indexed=frozenset({"customer_id", "token", "external_key", "package_status_state"}),
    create=actions.create,
    update=actions.update,
    actions={
        "upgrade": actions.upgrade,
        "cancel": actions.cancel,
        "uncancel": actions.uncancel,
        "suspend": actions.suspend,
        "unsuspend": actions.unsuspend,
        "hold": actions.hold,
        "paymethod": actions.paymethod,
        "paycycle": actions.paycycle,
        "invoice": actions.invoice,
        "welcome": lambda *_: True,
    },
)
