"""What ChargeOver has: one declaration per object, from its field lists and filter lists of the REST API v3."""

from pipelines.chargeover.object import Children, Object, Watched, fields

_ADDRESSES = """
    text: bill_addr1 bill_addr2 bill_addr3 bill_city bill_state bill_postcode bill_country bill_notes bill_block
    text: ship_addr1 ship_addr2 ship_addr3 ship_city ship_state ship_postcode ship_country ship_notes ship_block
"""
_CURRENCY = """
    int: currency_id
    text: currency_iso4217 currency_symbol
"""


def _billed(declaration: str) -> dict[str, str]:
    return fields(_ADDRESSES) | fields(_CURRENCY) | fields(declaration)


CUSTOMER = Object(
    name="customer",
    key="customer_id",
    by_id_only=("superuser_username",),
    cursors=("mod_datetime",),
    created="write_datetime",
    noticed={
        "created or edited": "cursor",
        "billed, paid, balance, overdue": "touched",
        "its main contact is edited": "touched",
        "deleted": "sweep",
    },
    fields=_billed("""
    int: customer_id parent_customer_id superuser_id language_id terms_id terms_days class_id admin_id campaign_id
    int: custtype_id brand_id default_creditcard_id default_ach_id customer_status_id
    text: token external_key display_as company terms_name admin_name admin_email campaign_details
    text: default_paymethod tax_ident superuser_username superuser_email superuser_name superuser_first_name
    text: superuser_last_name superuser_phone superuser_token superuser_title custom*50
    text: customer_status_name customer_status_str customer_status_state invoice_delivery dunning_delivery
    text: url_paymethodlink url_self write_ipaddr mod_ipaddr
    bool: no_taxes no_dunning no_latefees no_procfees
    decimal: total paid balance
    datetime: write_datetime mod_datetime
"""),
)

USER = Object(
    name="user",
    key="user_id",
    complete=("customer_id",),
    hoped=("mod_datetime",),
    watched=Watched(),
    touches={"customer": ("customer_id",)},
    noticed={"created, edited or deleted": "watch"},
    fields=fields("""
    int: user_id user_type_id customer_id
    text: external_key token username name first_name middle_name_glob last_name name_suffix display_as title email
    text: phone user_type_name custom*20 url_self
    datetime: write_datetime mod_datetime
"""),
)

ITEM = Object(
    name="item",
    key="item_id",
    customer=None,
    hoped=("mod_datetime",),
    watched=Watched(),
    noticed={"created, edited or deleted": "watch"},
    fields=fields("""
    int: item_id tax_group_id expire_recurs trial_recurs tierset_id
    text: item_type name description accounting_sku accounting_account_income external_key units units_plural
    text: tax_group_name token custom*20
    bool: enabled
    json: tiersets
    datetime: write_datetime mod_datetime
"""),
)

_PACKAGE_LINES = Children(
    name="line_items",
    key="line_item_id",
    fields=fields("""
    int: line_item_id package_id admin_id item_id line_item_bundle_id tierset_id trial_days trial_units trial_recurs
    int: expire_recurs
    text: item_name item_external_key item_accounting_sku item_token item_units item_type external_key nickname descrip
    text: license custom*20
    bool: item_is_usage
    decimal: line_quantity
    json: tierset
    datetime: expire_datetime subscribe_datetime cancel_datetime
"""),
)

PACKAGE = Object(
    name="package",
    key="package_id",
    children=(_PACKAGE_LINES,),
    expand=("line_items",),
    complete=("line_items",),
    by_id_only=("line_items.tierset",),
    cursors=("mod_datetime", "write_datetime", "cancel_datetime"),
    created="write_datetime",
    watched=Watched(where="package_status_state:NOTEQUALS:c"),
    touches={"customer": ("customer_id",)},
    noticed={
        "created, edited, upgraded or cancelled": "cursor",
        "invoiced, paid": "touched",
        "overdue, held, suspended, taken up again, pay cycle, pay method": "watch",
        "a cancelled one changes; deleted": "sweep",
    },
    fields=_billed("""
    int: package_id customer_id brand_id class_id creditcard_id ach_id tokenized_id admin_id terms_id terms_days
    int: days_overdue package_status_id
    text: brand_name class_name external_key token nickname paymethod paymethod_name paymethod_detail admin_name
    text: terms_name paycycle package_status_name package_status_str package_status_state custom*20 url_self
    decimal: amount_collected amount_invoiced amount_due
    bool: is_overdue
    datetime: next_invoice_datetime start_datetime cancel_datetime suspendfrom_datetime suspendto_datetime
    datetime: holduntil_datetime write_datetime mod_datetime
"""),
)

_INVOICE_LINES = Children(
    name="line_items",
    key="line_item_id",
    fields=fields("""
    int: line_item_id invoice_id admin_id item_id invoice_line_bundle_id tierset_id package_line_id
    int: package_obligation_id package_line_first_obligation_id
    text: item_name item_accounting_sku item_external_key item_token item_units item_type paycycle
    text: package_line_external_key descrip external_key custom*20
    decimal: line_rate line_quantity line_usage line_subtotal line_taxes line_total
    bool: is_base is_free is_setup is_usage is_recurring is_taxed
"""),
)

INVOICE = Object(
    name="invoice",
    key="invoice_id",
    children=(_INVOICE_LINES,),
    expand=("line_items",),
    complete=("line_items",),
    cursors=("mod_datetime", "write_datetime"),
    created="write_datetime",
    watched=Watched(where="invoice_status_state:EQUALS:o"),
    touches={"package": ("package_id",), "customer": ("customer_id",)},
    noticed={
        "created or edited": "cursor",
        "paid, in part or whole": "touched",
        "voided, written off, overdue, opened again, deleted while open": "watch",
        "a closed one changes or is deleted": "sweep",
    },
    fields=_billed("""
    int: invoice_id invoice_index package_id customer_id brand_id class_id terms_id terms_days admin_id days_overdue
    int: declines
    text: refnumber external_key brand_name class_name paycycle paycycle_name terms_name admin_name token memo custom*20
    text: url_permalink url_pdflink url_paylink url_self
    text: invoice_status_name invoice_status_str invoice_status_state
    date: date due_date paid_date cycle_pre_from_date cycle_pre_to_date cycle_this_date cycle_post_from_date
    date: cycle_post_to_date
    bool: is_paid is_void is_overdue
    decimal: balance applied total subtotal taxes credits payments writeoffs refunds overdue sum_base sum_usage
    decimal: sum_onetime
    datetime: write_datetime mod_datetime void_datetime delay_datetime
"""),
)

_APPLIED_PAYMENTS = Children(
    name="applied_to",
    key="invoice_id",
    fields=fields("""
    int: invoice_id
    decimal: applied
"""),
)

TRANSACTION = Object(
    name="transaction",
    key="transaction_id",
    by_id_only=("refunds", "payments"),
    children=(_APPLIED_PAYMENTS,),
    expand=("applied_to",),
    complete=("applied_to",),
    cursors=("transaction_datetime",),
    created="transaction_datetime",
    watched=Watched(recent="transaction_datetime", days=60),
    touches={
        "invoice": ("applied_to.invoice_id",),
        "customer": ("customer_id",),
        "transaction": ("parent_transaction_id", "payments.transaction_id"),
    },
    noticed={
        "recorded, failed": "cursor",
        "refunded": "touched",
        "voided or applied elsewhere within 60 days": "watch",
        "voided or applied elsewhere later; deleted": "sweep",
    },
    fields=fields(_CURRENCY)
    | fields("""
    int: transaction_id parent_transaction_id transaction_batch_id customer_id brand_id gateway_id gateway_status
    int: gateway_err_code creditcard_id ach_id tokenized_id
    text: gateway_type gateway_nickname gateway_transid gateway_method gateway_msg gateway_err_detail token external_key
    text: transaction_status_name transaction_status_str transaction_status_state transaction_type
    text: transaction_type_name transaction_method transaction_detail transaction_ipaddr memo custom*5 url_self
    decimal: amount fee applied unapplied
    date: transaction_date
    json: refunds payments
    datetime: transaction_datetime void_datetime
"""),
)

_QUOTE_LINES = Children(
    name="line_items",
    key="line_item_id",
    fields=fields("""
    int: line_item_id quote_id item_id tierset_id
    text: item_name item_external_key item_accounting_sku item_token item_units item_type paycycle descrip external_key
    text: nickname custom*20
    decimal: line_rate line_quantity line_subtotal line_total
    json: tierset
"""),
)

QUOTE = Object(
    name="quote",
    key="quote_id",
    hoped=("write_datetime",),
    hoped_expand=("line_items",),
    watched=Watched(),
    noticed={
        "created, edited, sent, won, lost or deleted": "watch",
        "a line changes and no total does": "sweep",
    },
    children=(_QUOTE_LINES,),
    complete=("line_items",),
    by_id_only=("line_items.tierset",),
    fields=_billed("""
    int: quote_id customer_id terms_id terms_days class_id brand_id admin_id
    text: refnumber external_key paycycle paycycle_name nickname terms_name admin_name token memo custom*20
    text: url_permalink url_pdflink url_self url_acceptlink url_rejectlink
    text: quote_status_name quote_status_str quote_status_state
    date: date due_date
    decimal: setup total subtotal taxes
    datetime: write_datetime holduntil_datetime accepted_datetime rejected_datetime
"""),
)

# Card and account numbers, routing numbers and gateway tokens are left out on purpose: what is not listed here can
# be neither staged nor mapped.
CREDITCARD = Object(
    name="creditcard",
    key="creditcard_id",
    keyset=False,
    hoped=("write_datetime",),
    watched=Watched(),
    touches={"customer": ("customer_id",)},
    noticed={"created, edited or deleted": "watch"},
    fields=fields("""
    int: creditcard_id customer_id
    text: external_key type type_name name mask_number expdate_year expdate_month expdate_formatted address city state
    text: postcode country
    date: expdate
    datetime: write_datetime
"""),
)

ACH = Object(
    name="ach",
    key="ach_id",
    keyset=False,
    hoped=("write_datetime",),
    watched=Watched(),
    touches={"customer": ("customer_id",)},
    noticed={"created, edited or deleted": "watch"},
    fields=fields("""
    int: ach_id customer_id
    text: external_key type type_name name bank mask_number
    datetime: write_datetime
"""),
)

CATALOG = {
    each.name: each
    for each in (CUSTOMER, USER, ITEM, PACKAGE, INVOICE, TRANSACTION, QUOTE, CREDITCARD, ACH)
}  # fmt: skip


def vocabulary() -> dict[str, dict[str, str]]:
    """Every source a mapping may name (``invoice``, ``invoice.line_items``) with its fields and their types; a child
    also sees its parent's fields under the parent's name (``invoice.customer_id``)."""
    words: dict[str, dict[str, str]] = {}
    for each in CATALOG.values():
        words[each.name] = dict(each.fields)
        inherited = {f"{each.name}.{name}": type_name for name, type_name in each.fields.items()}
        for children in each.children:
            words[f"{each.name}.{children.name}"] = dict(children.fields) | inherited
    return words
