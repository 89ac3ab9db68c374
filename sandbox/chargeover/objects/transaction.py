"""transaction: a payment, refund or credit with the invoices it lies on, as it is answered; it has no mod_datetime.

Of the statuses only ok-successful (state o) is known; those of failed and void ones are made up.
"""

from sandbox.chargeover.company import Company
from sandbox.chargeover.kind import Child, Derive, Kind, words
from sandbox.chargeover.money import ZERO
from sandbox.chargeover.objects import payments, refunds
from sandbox.chargeover.objects.transaction_fields import TYPES
from sandbox.chargeover.related import CURRENCY, link
from sandbox.chargeover.settling import applied, unapplied
from sandbox.chargeover.table import Row

_TYPE_NAMES = {"pay": "Payment", "ref": "Refund", "cre": "Credit", "spl": "Split"}
_SUCCESS, _FAILED, _VOID = ("Success", "ok-successful"), ("Failed", "failed-failed"), ("Void", "void-void")


def _status(row: Row) -> tuple[str, str]:
    if row.get("void_datetime") is not None:
        return _VOID
    return _SUCCESS if row["gateway_status"] == 1 else _FAILED


def _applied_to(company: Company, row: Row) -> list[Row]:
    """Invoice ids in here were text in 2015."""
    as_recorded = str if company.settings.odd_types else int
    shares = company.applied.get(row["transaction_id"], {})
    return [{"invoice_id": as_recorded(invoice_id), "applied": share} for invoice_id, share in shares.items()]


APPLIED_TO = Child(name="applied_to", types={"invoice_id": "int", "applied": "money"}, rows=_applied_to)


def _linked(kind: str) -> Derive:
    """The ids of a payment's refunds, or of a refund's payment."""

    def read(company: Company, row: Row) -> list[Row]:
        if kind == "payments":
            parent = row.get("parent_transaction_id")
            return [] if parent is None else [{"transaction_id": parent}]
        refunds_of = company.tables["transaction"].ids_with("parent_transaction_id", row["transaction_id"])
        return [{"transaction_id": each} for each in refunds_of]

    return read


def _packages(company: Company, row: Row) -> list[int | None]:
    shares = company.applied.get(row["transaction_id"], {})
    return [company.shown("invoice", invoice_id, "package_id") for invoice_id in shares]


STATE = {
    "transaction_status_name": lambda _, row: _status(row)[0],
    "transaction_status_str": lambda _, row: _status(row)[1],
    "transaction_status_state": lambda _, row: _status(row)[1][0],
}

KIND = Kind(
    name="transaction",
    key="transaction_id",
    types=TYPES,
    defaults={"gateway_id": 205, "gateway_msg": "", "gateway_err_code": 0, "brand_id": 1, "fee": ZERO},
    derived={
        **CURRENCY,
        **STATE,
        "applied": applied,
        "unapplied": unapplied,
        "transaction_type_name": lambda _, row: _TYPE_NAMES[row["transaction_type"]],
        "transaction_method": lambda _, row: payments.method_name(row.get("gateway_method")),
        "url_self": link("admin/r/transaction/view", "transaction_id"),
    },
    alone={"refunds": _linked("refunds"), "payments": _linked("payments")},
    child=APPLIED_TO,
    filters=words(
        """transaction_id customer_id gateway_id currency_id creditcard_id ach_id tokenized_id token external_key
        gateway_status gateway_transid amount fee transaction_type transaction_method transaction_detail
        transaction_datetime"""
    ),
    relations={
        "transaction_status.state": ("text", lambda _, row: [_status(row)[1][0]]),
        "transaction_status.str": ("text", lambda _, row: [_status(row)[1]]),
        "applied_to.invoice_id": ("int", lambda c, row: c.applied.get(row["transaction_id"], ())),
        "applied_to.package_id": ("int", _packages),
        "applied_to.package_external_key": (
            "text",
            lambda c, row: [c.shown("package", package_id, "external_key") for package_id in _packages(c, row)],
        ),
    },
    indexed=frozenset({"customer_id", "token", "external_key", "gateway_transid"}),
    create=payments.record,
    actions={
        "refund": refunds.refund,
        "void": refunds.void,
        "changeAppliedAmounts": refunds.reapply,
        "email": lambda *_: True,
    },
    collection_actions={"pay": payments.attempt},
)
