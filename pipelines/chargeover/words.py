"""The words that ChargeOver itself writes into a field, each with what it means (query pages, SDK models)."""

_PAY_CYCLES = {
    "1wk": "Weekly",
    "2wk": "Every 2 Weeks",
    "mon": "Monthly",
    "2mn": "Every 2 Months",
    "qtr": "Quarterly",
    "six": "Every 6 Months",
    "yrl": "Yearly",
    "evy": "Every Invoice",
}
_DELIVERIES = {"email": "Email", "print": "Print"}
_KINDS_OF_ITEMS = {"service": "Service", "product": "Product", "discount": "Discount"}

_OF_ALL = {"paycycle": _PAY_CYCLES, "item_type": _KINDS_OF_ITEMS}
_OF_ONE = {
    "customer.customer_status_str": {
        "active-current": "Active - Current",
        "active-overdue": "Active - Overdue",
        "inactive-manual": "Inactive - Manual",
        "inactive-activity": "Inactive - Activity",
    },
    "customer.invoice_delivery": _DELIVERIES,
    "customer.dunning_delivery": _DELIVERIES,
    "package.package_status_str": {
        "active-trial": "Trial",
        "active-current": "Current",
        "active-overdue": "Overdue",
        "suspended-suspended": "Suspended",
        "canceled-nonpayment": "Canceled for Nonpayment",
        "canceled-manual": "Canceled Manually",
        "expired-expired": "Expired",
        "expired-trial": "Trial Expired",
    },
    "package.paymethod": {
        "crd": "Credit Card",
        "ach": "Bank Account",
        "inv": "Invoice",
        "tok": "External Token",
    },
    "invoice.invoice_status_str": {
        "open-unpaid": "Unpaid",
        "open-overdue": "Overdue",
        "open-collections": "Collections",
        "closed-paid": "Paid",
        "closed-void": "Void",
    },
    "transaction.transaction_status_str": {"ok-successful": "Successful"},
    "transaction.transaction_type": {"pay": "Payment", "ref": "Refund", "cre": "Credit", "spl": "Split"},
    "quote.quote_status_str": {
        "open-new": "New",
        "open-sent": "Sent",
        "closed-won": "Won",
        "closed-lost": "Lost",
    },
    "creditcard.type": {
        "visa": "Visa",
        "mast": "Mastercard",
        "amex": "American Express",
        "disc": "Discover",
    },
    "ach.type": {"chec": "Checking", "busi": "Business Checking", "savi": "Savings"},
}


def words(source: str) -> dict[str, dict[str, str]]:
    """Field of a source to the words that ChargeOver is known to write there, each with its meaning."""
    own = {name.removeprefix(f"{source}."): found for name, found in _OF_ONE.items() if name.startswith(f"{source}.")}
    return _OF_ALL | own
