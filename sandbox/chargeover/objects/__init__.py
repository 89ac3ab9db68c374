"""The object types of ChargeOver's API, by their name in the path."""

from sandbox.chargeover.objects import customer, invoice, item, package, quote, transaction, user
from sandbox.chargeover.objects.payment_methods import ACH, CREDITCARD, TOKENIZED
from sandbox.chargeover.objects.small import SMALL

KINDS = {
    kind.name: kind
    for kind in (
        customer.KIND,
        user.KIND,
        item.KIND,
        package.KIND,
        invoice.KIND,
        transaction.KIND,
        quote.KIND,
        CREDITCARD,
        ACH,
        TOKENIZED,
        *SMALL,
    )
}
