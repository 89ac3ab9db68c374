"""Names as words: what ChargeOver and Salesforce call the same thing becomes the same words."""

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import lru_cache

Words = frozenset[str]

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_NOISE = {"c", "r", "id", "at", "in", "of", "is", "the", "a", "chargeover", "datetime", "str", "glob", "cache", "for"}
_SYNONYMS = {
    "package": "subscription",
    "user": "contact",
    "item": "product",
    "customer": "account",
    "ach": "bank account",
    "creditcard": "credit card",
    "tokenized": "token",
    "superuser": "main contact",
    "bill": "billing",
    "ship": "shipping",
    "addr": "street",
    "block": "address",
    "postcode": "postal",
    "zip": "postal",
    "code": "",
    "descrip": "description",
    "iso": "code",
    "iso4217": "code",
    "url": "link",
    "permalink": "link",
    "self": "",
    "pdflink": "pdf link",
    "paylink": "pay link",
    "acceptlink": "accept link",
    "rejectlink": "reject link",
    "paymethodlink": "payment method link",
    "paymethod": "payment method",
    "paycycle": "pay cycle",
    "frequency": "pay cycle",
    "writeoffs": "write offs",
    "ident": "",
    "vat": "tax",
    "transid": "transaction",
    "msg": "message",
    "err": "error",
    "holduntil": "held until",
    "suspendfrom": "suspended from",
    "suspendto": "suspended to",
    "cancel": "canceled",
    "cancelled": "canceled",
    "start": "started",
    "expire": "expires",
    "subscribe": "subscribed",
    "void": "voided",
    "enabled": "active",
    "tierset": "pricing",
    "tiersets": "pricing",
    "price": "rate",
    "unit": "units",
    "qty": "quantity",
    "mask": "masked",
    "tax": "taxes",
    "payment": "payments",
    "refund": "refunds",
    "credit": "credits",
    "amt": "amount",
    "tel": "phone",
    "mail": "email",
    "notes": "memo",
    "refnumber": "number",
    "currencyisocode": "currency code",
}
_PHRASES = {
    "currency_iso4217": "currency",
    "write_datetime": "created",
    "mod_datetime": "modified",
    "bill_addr1": "billing street",
    "ship_addr1": "shipping street",
    "transaction_datetime": "created",
    "sum_base": "recurring amount",
    "sum_usage": "usage amount",
    "sum_onetime": "one time amount",
    "declines": "declined payments",
    "expdate": "expiration date",
    "expdate_formatted": "expires",
    "gateway_status": "gateway success",
    "gateway_err_detail": "gateway error",
    "no_taxes": "tax exempt",
    "user_type_name": "contact type",
    "accounting_sku": "sku",
    "item_accounting_sku": "sku",
    "customer.total": "total billed",
    "customer.paid": "total paid",
    "customer.superuser_phone": "phone",
    "customer.superuser_name": "main contact",
    "item.accounting_sku": "product code",
    "creditcard.name": "cardholder name",
    "ach.name": "account holder name",
    "ach.bank": "bank name",
    "next_invoice_datetime": "next invoice",
    "transaction.applied_to.applied": "amount",
}

_ALSO = """
refnumber: number; document number; reference
date: issued; issue date; document date
due_date: payable until; payment due; due
total: gross amount; grand total; gross
subtotal: net amount; net total; net
taxes: tax amount; vat; gst; sales tax
balance: open amount; outstanding; amount due; remaining amount
memo: notes; comment; remarks
void_datetime: cancelled; voided date
paid_date: settled; payment date
write_datetime: inserted; created date
days_overdue: days late; days past due
company: firm; organization; business name; company name
admin_name: sales rep; account manager; worker
campaign_details: lead source; campaign
customer.total: lifetime revenue; total invoiced
customer.paid: lifetime payments
nickname: label; subscription name
amount_collected: paid amount; collected
amount_invoiced: billed amount; invoiced
start_datetime: start date; begins; effective date
cancel_datetime: end date; ended; termination date
next_invoice_datetime: next billing; next bill date
paycycle: billing frequency; billing period; interval
paymethod: payment type
tax_ident: vat number; tax number
invoice_status_str: state; stage
package_status_str: state; stage
quote_status_str: state; stage
transaction_type: kind
transaction_method: payment method; paid by
transaction_date: payment date
gateway_transid: gateway reference; reference number
gateway_nickname: processor; gateway
gateway_msg: response; decline reason
unapplied: unallocated
applied: allocated
line_rate: unit price; price
line_quantity: count
descrip: line text; details
accounting_sku: part number; product number
"""
_OTHERS = {name: others.split("; ") for name, others in (line.split(": ") for line in _ALSO.split("\n") if line)}
"""What people also call a field."""


def words_of(name: str, own: Iterable[str] = ()) -> Words:
    """The words of an API name or a label, without those that name the ``own`` object."""
    parts = _PART.findall(name.replace("ChargeOver", ""))
    left = frozenset(word for part in parts for word in _SYNONYMS.get(part.lower(), part.lower()).split()) - _NOISE
    return (left - frozenset(own)) or left


def words_of_field(source: str, name: str, types: Collection[str], own: Iterable[str] = ()) -> list[Words]:
    """The words of a ChargeOver field, and of what people also call it: a phrase of one object comes before one of all,
    and terms_name is the name that belongs to terms_id."""
    bare = name.rpartition(".")[2]
    phrase = _PHRASES.get(f"{source}.{bare}") or _PHRASES.get(bare)
    if phrase is None and f"{bare.removesuffix('_name')}_id" in types:
        phrase = bare.removesuffix("_name")
    if phrase is None and "." in source:
        phrase = re.sub(r"^(line_(?!item)|item_(?=units|is_))", "", bare)
    others = _OTHERS.get(f"{source}.{bare}") or _OTHERS.get(bare, [])
    return [words_of(phrase or bare, own), *(words_of(each, own) for each in others)]


def likeness(one: Words, other: Words) -> float:
    """From 0 to 1: the share of words that both have; words that differ by an ending are nearly the same."""
    if not one or not other:
        return 0.0
    small, large = sorted((one, other), key=len)
    return 2 * sum(max(_alike(word, each) for each in large) for word in small) / (len(one) + len(other))


@lru_cache(maxsize=20_000)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio * 0.95 if ratio >= 0.75 and min(len(one), len(other)) > 2 else 0.0
