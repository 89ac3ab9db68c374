"""The webhook events of the catalog's objects, each with what tells of it; ChargeOver publishes no whole list."""

_inferred = "inferred: other objects have it"

EVENTS = {
    "customer.insert": "docs: webhooks",
    "customer.update": _inferred,
    "customer.delete": "docs: webhooks/customer-delete",
    "user.insert": "docs: verifying and validating webhooks",
    "user.update": "PHP SDK, example_create_resthook",
    "user.delete": _inferred,
    "item.insert": _inferred,
    "item.update": _inferred,
    "item.delete": _inferred,
    "package.insert": "PHP SDK, example_on_new_package",
    "package.update": "docs: webhooks",
    "package.status": "docs: webhooks/package-status",
    "package.paycycle": "docs: webhooks/package-paycycle",
    "package.paymethod": _inferred,
    "invoice.insert": _inferred,
    "invoice.update": "docs: webhooks/invoice-update",
    "invoice.status": "docs: webhooks/invoice-status",
    "invoice.void": _inferred,
    "invoice.delete": _inferred,
    "transaction.insert": "docs: webhooks/transaction-insert",
    "transaction.update": _inferred,
    "transaction.void": "docs: webhooks/transaction-void",
    "transaction.delete": _inferred,
    "quote.insert": _inferred,
    "quote.update": _inferred,
    "quote.status": _inferred,
    "quote.delete": _inferred,
    "creditcard.insert": _inferred,
    "creditcard.update": _inferred,
    "creditcard.delete": _inferred,
    "ach.insert": _inferred,
    "ach.update": _inferred,
    "ach.delete": _inferred,
}
"""``{context}.{event}`` as the REST-hook endpoint names it (PHP SDK, example_create_resthook), to its source. The
inferred ones are asked for too: an account that does not have one refuses it."""
