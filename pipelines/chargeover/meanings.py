"""What each field of the catalog means in a few words, after the vendor's merge tags, webhook schemas and SDKs."""

_WORDS = """
token: random text that names the record in links; who has it needs no login
external_key: your own key for the record, unique within its object
display_as: deprecated by ChargeOver
language_id: language of documents
terms_id: payment terms
terms_name: payment terms in words, such as Net 30
terms_days: days until it is due under these terms
class_id: class for class tracking
class_name: name of that class
admin_id: worker in charge
admin_name: name of the worker in charge
admin_email: e-mail address of the worker in charge
brand_id: brand under which it is billed
brand_name: name of that brand
currency_id: currency
currency_iso4217: currency, three letters of ISO 4217
currency_symbol: sign of the currency, such as $
write_datetime: when it was created
mod_datetime: when it was last edited; many changes do not move it (see freshness)
write_ipaddr: IP address that created it
mod_ipaddr: IP address that edited it last
url_self: its page in ChargeOver, for your staff
url_permalink: page that shows it, without a login
url_pdflink: its PDF
customer_id: customer that it belongs to
item_id: item (product) that is sold
item_name: name of the item
item_type: service, product or discount
item_external_key: your own key for the item
item_accounting_sku: accounting SKU of the item
item_token: random text that names the item
item_units: unit of the item, such as hours
package_id: subscription that it belongs to
creditcard_id: credit card that it is paid with
ach_id: bank account that it is paid with
tokenized_id: payment method at another service that it is paid with
line_item_id: id of the line
tierset_id: pricing
tierset: pricing with its tiers
tiersets: pricing with its tiers, one for each pay cycle and currency
descrip: description on the line
nickname: short name that your staff gave it
name: full name
paycycle: how often it is billed: mon, yrl, 1wk, 2wk, qtr, 2mn, six, evy and more
paycycle_name: how often it is billed, in words
memo: note to the customer
refnumber: number that people see
line_rate: price of one unit
line_quantity: quantity
line_usage: usage that is billed
line_subtotal: amount before taxes
line_taxes: taxes (name not confirmed by the vendor's pages)
line_total: amount with taxes (name not confirmed by the vendor's pages)
holduntil_datetime: until when it is held
void_datetime: when it was voided
cancel_datetime: when it was cancelled
expire_recurs: after how many billings it ends
trial_recurs: how many billings are free
is_overdue: whether it is overdue
days_overdue: for how many days it is overdue
due_date: when it must be paid
subtotal: amount before taxes
taxes: taxes
total: amount with taxes
balance: what is still open
type: kind, as a code
type_name: kind, in words
mask_number: number, all but the last digits hidden
bill_addr1: billing address, first line
bill_addr2: billing address, second line
bill_addr3: billing address, third line
bill_city: billing address, city
bill_state: billing address, state or province
bill_postcode: billing address, postal code
bill_country: billing address, country
bill_notes: billing address, notes; deprecated by ChargeOver
bill_block: billing address as one printable block
ship_addr1: shipping address, first line
ship_addr2: shipping address, second line
ship_addr3: shipping address, third line
ship_city: shipping address, city
ship_state: shipping address, state or province
ship_postcode: shipping address, postal code
ship_country: shipping address, country
ship_notes: shipping address, notes; deprecated by ChargeOver
ship_block: shipping address as one printable block

customer.customer_id: id of the customer
customer.parent_customer_id: customer above this one
customer.company: name of the company; empty for a person
customer.superuser_id: main contact
customer.superuser_username: main contact, name for the customer portal
customer.superuser_email: main contact, e-mail address
customer.superuser_name: main contact, full name
customer.superuser_first_name: main contact, first name
customer.superuser_last_name: main contact, last name
customer.superuser_phone: main contact, phone
customer.superuser_title: main contact, title
customer.superuser_token: main contact, random text that names it in links
customer.campaign_id: campaign or lead source
customer.campaign_details: details of the campaign or lead source
customer.custtype_id: type of customer
customer.default_paymethod: payment method used unless told otherwise
customer.default_creditcard_id: credit card used unless told otherwise
customer.default_ach_id: bank account used unless told otherwise
customer.tax_ident: tax id
customer.no_taxes: whether no taxes are charged
customer.no_dunning: whether no reminders are sent
customer.no_latefees: whether no late fees are charged
customer.no_procfees: whether no processing fees are charged
customer.customer_status_id: status, as a number
customer.customer_status_name: status, in words
customer.customer_status_str: active-current, active-overdue, inactive-manual or inactive-activity
customer.customer_status_state: a active, i inactive
customer.invoice_delivery: how invoices are sent: email or print
customer.dunning_delivery: how reminders are sent: email or print
customer.url_paymethodlink: page where the customer can change the payment method
customer.total: sum of all invoices ever
customer.paid: sum of all payments ever

user.user_id: id of the contact
user.username: name for the customer portal
user.first_name: first name
user.middle_name_glob: middle names or initials
user.last_name: last name
user.name_suffix: such as Jr. or III
user.title: title
user.email: e-mail address
user.phone: phone
user.user_type_id: kind of contact, as a number
user.user_type_name: kind of contact, such as Billing

item.item_id: id of the item
item.name: name of the item
item.description: description
item.enabled: whether it can be sold
item.accounting_sku: accounting SKU
item.accounting_account_income: income account in the accounting software
item.units: unit, such as hour
item.units_plural: unit of several, such as hours
item.tax_group_id: tax group
item.tax_group_name: name of the tax group

package.package_id: id of the subscription
package.paymethod: crd credit card, ach bank account, inv invoice, tok at another service
package.paymethod_name: payment method, in words
package.paymethod_detail: payment method with its last digits
package.amount_collected: what was collected so far
package.amount_invoiced: what was invoiced so far
package.amount_due: invoiced but not collected
package.next_invoice_datetime: when the next invoice will be made
package.start_datetime: when it began
package.suspendfrom_datetime: from when it is suspended
package.suspendto_datetime: until when it is suspended
package.package_status_id: status, as a number
package.package_status_name: status, in words
package.package_status_str: status with its reason, such as active-current or canceled-manual
package.package_status_state: a active, c cancelled, e expired, s suspended
package.line_items.line_item_bundle_id: bundle that the line belongs to
package.line_items.trial_days: deprecated by ChargeOver
package.line_items.trial_units: unit of the free trial
package.line_items.license: license text
package.line_items.item_is_usage: whether it is billed by usage
package.line_items.expire_datetime: when it ends
package.line_items.subscribe_datetime: when it was subscribed to

invoice.invoice_id: id of the invoice
invoice.invoice_index: how many invoices the subscription has had, with this one
invoice.declines: how many payments of it failed
invoice.url_paylink: page where it can be paid
invoice.invoice_status_name: Unpaid, Overdue, Paid, Void and others, in words
invoice.invoice_status_str: open-unpaid, open-overdue, open-collections, closed-paid or closed-void
invoice.invoice_status_state: o open, c closed
invoice.date: date of the invoice
invoice.paid_date: when it was paid
invoice.cycle_pre_from_date: billed in advance: first day
invoice.cycle_pre_to_date: billed in advance: last day
invoice.cycle_this_date: day of the billing cycle
invoice.cycle_post_from_date: billed in arrears: first day
invoice.cycle_post_to_date: billed in arrears: last day
invoice.is_paid: whether it is paid; also true of a voided one
invoice.is_void: whether it is voided
invoice.applied: payments and credits applied to it
invoice.credits: credits applied to it
invoice.payments: payments applied to it
invoice.writeoffs: what was written off
invoice.refunds: what was refunded (name not confirmed by the vendor's pages)
invoice.overdue: what is overdue (name not confirmed by the vendor's pages)
invoice.sum_base: recurring part of the amount
invoice.sum_usage: part of the amount for usage
invoice.sum_onetime: part of the amount that is billed once
invoice.delay_datetime: until when it is delayed
invoice.line_items.invoice_id: invoice that the line belongs to
invoice.line_items.invoice_line_bundle_id: bundle that the line belongs to
invoice.line_items.package_line_id: line of the subscription that it comes from
invoice.line_items.package_line_external_key: your own key for that line
invoice.line_items.package_obligation_id: obligation that it comes from
invoice.line_items.package_line_first_obligation_id: first obligation of that line
invoice.line_items.is_base: whether it is the recurring base
invoice.line_items.is_free: whether it is free
invoice.line_items.is_setup: whether it is a setup fee
invoice.line_items.is_usage: whether it bills usage
invoice.line_items.is_recurring: whether it recurs
invoice.line_items.is_taxed: whether it is taxed

transaction.transaction_id: id of the transaction
transaction.parent_transaction_id: transaction that it belongs to, such as the payment of a refund
transaction.transaction_batch_id: batch that it was settled in
transaction.gateway_id: payment gateway
transaction.gateway_type: kind of payment gateway
transaction.gateway_nickname: name of the payment gateway
transaction.gateway_status: 1 went through, 0 failed
transaction.gateway_transid: the gateway's own id
transaction.gateway_method: visa, mastercard, check, ach, credit and others
transaction.gateway_msg: what the gateway said
transaction.gateway_err_code: the gateway's error, as a number
transaction.gateway_err_detail: the gateway's error, in words
transaction.transaction_status_name: status, in words
transaction.transaction_status_str: status, such as ok-successful
transaction.transaction_status_state: status as a letter, such as o
transaction.transaction_type: pay payment, ref refund, cre credit, spl split
transaction.transaction_type_name: Payment, Refund, Credit and others, in words
transaction.transaction_method: how it was paid, such as Visa or Paid by Check
transaction.transaction_detail: payment method with its last digits
transaction.transaction_ipaddr: IP address that created it
transaction.amount: amount; negative for refunds
transaction.fee: fee of the gateway, if it tells
transaction.applied: what is applied to invoices
transaction.unapplied: what is not applied to any invoice
transaction.transaction_date: date of the payment
transaction.transaction_datetime: when it was created
transaction.refunds: refunds of this payment
transaction.payments: payments that this one refunds
transaction.applied_to.invoice_id: invoice that the payment is applied to
transaction.applied_to.applied: what is applied to that invoice

quote.quote_id: id of the quote
quote.url_acceptlink: page that accepts it
quote.url_rejectlink: page that rejects it
quote.quote_status_name: status, in words
quote.quote_status_str: open-new, open-sent, closed-won or closed-lost
quote.quote_status_state: o open, c closed
quote.date: date of the quote
quote.setup: part of the amount that is billed once
quote.accepted_datetime: when it was accepted
quote.rejected_datetime: when it was rejected
quote.line_items.quote_id: quote that the line belongs to

creditcard.creditcard_id: id of the credit card
creditcard.type: visa, mast, disc or amex
creditcard.name: name on the card
creditcard.expdate: when it expires
creditcard.expdate_year: year in which it expires
creditcard.expdate_month: month in which it expires
creditcard.expdate_formatted: when it expires, as people write it
creditcard.address: billing address, street
creditcard.city: billing address, city
creditcard.state: billing address, state
creditcard.postcode: billing address, postal code
creditcard.country: billing address, country

ach.ach_id: id of the bank account
ach.type: chec checking, busi business checking, savi savings
ach.name: name on the account
ach.bank: name of the bank
"""

_MEANINGS = dict(line.split(": ", 1) for line in _WORDS.split("\n") if line)


def meaning(source: str, name: str) -> str:
    """What a field of a source means: a word for ``invoice.total`` before one for ``total`` of whatever object."""
    kind = source.partition(".")[0]
    if name.startswith(f"{kind}.") and source != kind:
        return f"{meaning(kind, name.removeprefix(f'{kind}.'))} (of its {kind})"
    if name.startswith("custom_"):
        return f"custom field {name.removeprefix('custom_')}; your account says what it holds"
    return _MEANINGS.get(f"{source}.{name}") or _MEANINGS[name]
