"""invoice: what is owed, with its lines, as it is answered."""

from sandbox.chargeover import overdue
from sandbox.chargeover.addresses import BLOCKS
from sandbox.chargeover.company import Company
from sandbox.chargeover.kind import Child, Derive, Kind, words
from sandbox.chargeover.objects import invoice_actions as actions
from sandbox.chargeover.objects.invoice_fields import LINE_TYPES, TYPES
from sandbox.chargeover.objects.removal import remove_invoice
from sandbox.chargeover.objects.tierset import PAYCYCLES
from sandbox.chargeover.related import ADMIN, BRAND, CLASS, CURRENCY, ITEM, TERMS, link
from sandbox.chargeover.settling import is_void
from sandbox.chargeover.table import Row


def _is_taxed(company: Company, row: Row) -> str | bool:
    """The text "0" or "1" on lines of 2015, with odd types switched off a boolean."""
    taxed = bool(row.get("line_taxes"))
    return ("1" if taxed else "0") if company.settings.odd_types else taxed


LINE = Child(
    name="line_items",
    types=LINE_TYPES,
    defaults={"line_quantity": 1},
    derived={**ITEM, "is_taxed": _is_taxed},
    rows=lambda company, row: company.lines["invoice"].get(row["invoice_id"], ()),
)


def _package_token(company: Company, row: Row) -> list[str | None]:
    return [company.shown("package", row.get("package_id"), "token")]


def _of_lines(name: str) -> Derive:
    return lambda company, row: [line.get(name) for line in LINE.rows(company, row)]


KIND = Kind(
    name="invoice",
    key="invoice_id",
    types=TYPES,
    defaults={"brand_id": 1, "paycycle": "evy", "declines": 0, "invoice_index": 0},
    derived={
        **BLOCKS,
        **CURRENCY,
        **TERMS,
        **ADMIN,
        **BRAND,
        **CLASS,
        **overdue.INVOICE,
        "is_void": lambda _, row: is_void(row),
        # A void invoice is paid as well [recorded 2015, void_invoice].
        "is_paid": lambda _, row: row["invoice_status_state"] == "c",
        "paycycle_name": lambda _, row: PAYCYCLES[row.get("paycycle", "evy")],
        "url_permalink": link("r/invoice/view"),
        "url_pdflink": link("r/invoice/pdf"),
        "url_paylink": link("r/trans/pay"),
        "url_self": link("admin/r/invoice/view", "invoice_id"),
    },
    child=LINE,
    filters=words(
        """invoice_id refnumber customer_id bill_state ship_state bill_country ship_country invoice_status_str
        invoice_status_state package_id invoice_index date currency_id token custom_1 custom_2 custom_3 subtotal total
        balance write_datetime mod_datetime"""
    ),
    relations={
        "package_token": ("text", _package_token),
        "line_items.item_id": ("int", lambda c, row: [line["item_id"] for line in LINE.rows(c, row)]),
        **{f"line_items.{name}": ("text", _of_lines(name)) for name in ("custom_1", "custom_2", "custom_3")},
        "line_items.item.categories.item_category_id": ("int", lambda *_: []),
        "transaction.transaction_id": ("int", lambda c, row: c.applied_on.get(row["invoice_id"], ())),
        "quote.quote_id": ("int", lambda c, row: [c.quote_of["invoice"].get(row["invoice_id"])]),
    },
    indexed=frozenset({"customer_id", "package_id", "token", "refnumber", "invoice_status_state"}),
    create=actions.create,
    update=actions.update,
    delete=remove_invoice,
    actions={
        "void": actions.void,
        "pay": actions.pay,
        "email": lambda *_: True,
        "print": lambda *_: True,
        "approve": lambda *_: True,
    },
)
