"""The fields of a package and of its lines, and which of them a request may write."""

from sandbox.chargeover.addresses import FIELDS
from sandbox.chargeover.addresses import WRITABLE as ADDRESSES
from sandbox.chargeover.kind import fields, words

TYPES = fields(
    FIELDS
    + """
    int: package_id customer_id brand_id class_id creditcard_id ach_id tokenized_id admin_id currency_id terms_id
    int: terms_days days_overdue package_status_id
    text: brand_name class_name external_key token nickname paymethod paymethod_name paymethod_detail admin_name
    text: currency_iso4217 currency_symbol terms_name paycycle package_status_name package_status_str
    text: package_status_state url_self custom*20
    money: amount_collected amount_invoiced amount_due
    bool: is_overdue
    datetime: next_invoice_datetime cache_next_invoice start_datetime cancel_datetime suspendfrom_datetime
    datetime: suspendto_datetime holduntil_datetime write_datetime mod_datetime
    """
)
LINE_TYPES = fields("""
    int: line_item_id package_id admin_id item_id line_item_bundle_id tierset_id trial_days trial_units trial_recurs
    int: expire_recurs
    text: item_name item_external_key item_accounting_sku item_token item_units item_type external_key nickname descrip
    text: license custom*3
    bool: item_is_usage
    money: line_quantity
    datetime: expire_datetime subscribe_datetime cancel_datetime
    json: tierset
""")
WRITABLE = (
    ADDRESSES
    | words("class_id brand_id external_key nickname terms_id admin_id currency_id start_datetime")
    | {f"custom_{n}" for n in range(1, 21)}
)
METHOD = frozenset({"paymethod", "creditcard_id", "ach_id", "tokenized_id"})
LINE_WRITABLE = words(
    """external_key nickname descrip trial_units trial_recurs expire_datetime expire_recurs line_quantity license
    custom_1 custom_2 custom_3"""
)
