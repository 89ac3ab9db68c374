"""What the passing of time does: open invoices turn overdue, and their packages and customers with them.

Computed from the clock at each answer, so nothing is written and mod_datetime stays [webhook sample of
2014, package-status].
Recorded on 23 March 2015: an invoice due on the 19th was 3 days overdue, so the due day itself and the day of the
turn do not count.
"""

from collections.abc import Mapping

from sandbox.chargeover.company import Company
from sandbox.chargeover.kind import Derive
from sandbox.chargeover.table import Row
from sandbox.chargeover.times import days_between

_NAMES = {
    "open-unpaid": "Unpaid",
    "open-overdue": "Overdue",
    "open-collections": "Collections",
    "closed-paid": "Paid",
    "closed-void": "Void",
}
# Ids 2, 3 and 5 and their names were recorded; the others are made up.
_PACKAGE_STATUSES = {
    "active-trial": (1, "Free Trial"),
    "active-current": (2, "Current"),
    "active-overdue": (3, "Over Due"),
    "canceled-nonpayment": (4, "Canceled for non-payment"),
    "canceled-manual": (5, "Canceled manually"),
    "expired-expired": (6, "Expired"),
    "expired-trial": (7, "Expired trial"),
    "suspended-suspended": (8, "Suspended"),
}
_CUSTOMER_STATUSES = {
    "active-current": (1, "Current"),
    "active-overdue": (2, "Overdue"),
    "inactive-manual": (3, "Inactive"),
    "inactive-activity": (4, "Inactive due to inactivity"),
}


def invoice_is_overdue(company: Company, row: Row) -> bool:
    """Whether an open invoice's due day is over."""
    return bool(row["invoice_status_str"] == "open-unpaid" and row["due_date"] < company.today())


def _invoice_days(company: Company, row: Row) -> int:
    return days_between(row["due_date"], company.today()) - 1 if invoice_is_overdue(company, row) else 0


def _invoice_status(company: Company, row: Row) -> str:
    return "open-overdue" if invoice_is_overdue(company, row) else row["invoice_status_str"]


INVOICE: Mapping[str, Derive] = {
    "is_overdue": invoice_is_overdue,
    "days_overdue": _invoice_days,
    "overdue": lambda company, row: row["balance"] if invoice_is_overdue(company, row) else 0,
    "invoice_status_str": _invoice_status,
    "invoice_status_name": lambda company, row: _NAMES[_invoice_status(company, row)],
}


def _due(company: Company, kind: str, row: Row) -> str | None:
    due = company.earliest_due[kind].get(row[f"{kind}_id"])
    return due if due is not None and due < company.today() else None


def package_is_overdue(company: Company, row: Row) -> bool:
    """Whether any open invoice of a package is overdue."""
    return _due(company, "package", row) is not None


def _package_days(company: Company, row: Row) -> int:
    due = _due(company, "package", row)
    return 0 if due is None else days_between(due, company.today()) - 1


def package_status(company: Company, row: Row) -> str:
    """A package's status string: a current one is overdue when an invoice of it is."""
    stored: str = row["package_status_str"]
    return "active-overdue" if stored == "active-current" and package_is_overdue(company, row) else stored


PACKAGE: Mapping[str, Derive] = {
    "is_overdue": package_is_overdue,
    "days_overdue": _package_days,
    "package_status_str": package_status,
    "package_status_id": lambda company, row: _PACKAGE_STATUSES[package_status(company, row)][0],
    "package_status_name": lambda company, row: _PACKAGE_STATUSES[package_status(company, row)][1],
}


def customer_status(company: Company, row: Row) -> str:
    """A customer's status string: a current one is overdue when an invoice of it is."""
    stored: str = row.get("customer_status_str", "active-current")
    return "active-overdue" if stored == "active-current" and _due(company, "customer", row) else stored


CUSTOMER: Mapping[str, Derive] = {
    "customer_status_str": customer_status,
    "customer_status_id": lambda company, row: _CUSTOMER_STATUSES[customer_status(company, row)][0],
    "customer_status_name": lambda company, row: _CUSTOMER_STATUSES[customer_status(company, row)][1],
    "customer_status_state": lambda company, row: customer_status(company, row)[0],
}


def turned(company: Company, since: str) -> list[tuple[str, Row]]:
    """The invoices and packages that became overdue after the day ``since``, as (kind, row)."""
    today = company.today()
    found: list[tuple[str, Row]] = []
    for invoice in company.tables["invoice"].rows_with("invoice_status_state", "o"):
        if since <= invoice["due_date"] < today:
            found.append(("invoice", invoice))
            package = company.tables["package"].get(invoice.get("package_id"))
            if package is not None and package_status(company, package) == "active-overdue":
                found.append(("package", package))
    return found
