"""The fields of an invoice and of its lines, and which of them a request may write."""

from sandbox.chargeover.addresses import FIELDS
from sandbox.chargeover.addresses import WRITABLE as ADDRESSES
from sandbox.chargeover.kind import fields, words

TYPES = fields(
    FIELDS
    + """
    int: invoice_id invoice_index package_id customer_id brand_id currency_id class_id terms_id terms_days admin_id
    int: days_overdue declines
    text: refnumber external_key brand_name currency_symbol currency_iso4217 class_name paycycle paycycle_name
    text: terms_name admin_name token memo url_permalink url_pdflink url_paylink url_self invoice_status_name
    text: invoice_status_str invoice_status_state custom*20
    date: date due_date paid_date cycle_pre_from_date cycle_pre_to_date cycle_this_date cycle_post_from_date
    date: cycle_post_to_date
    bool: is_paid is_void is_overdue
    money: balance applied total subtotal taxes credits payments writeoffs refunds overdue sum_base sum_usage
    money: sum_onetime
    datetime: write_datetime mod_datetime void_datetime delay_datetime
    """
)
# line_taxes and line_total: the documentation breaks off before the names of these columns; inferred.
LINE_TYPES = fields("""
    int: line_item_id invoice_id admin_id item_id invoice_line_bundle_id tierset_id package_line_id
    int: package_obligation_id package_line_first_obligation_id
    text: item_name item_accounting_sku item_external_key item_token item_units item_type paycycle
    text: package_line_external_key descrip external_key is_taxed custom*3
    bool: is_base is_free is_setup is_usage is_recurring
    money: line_rate line_quantity line_usage line_subtotal line_taxes line_total
""")
WRITABLE = (
    ADDRESSES
    | words("refnumber external_key terms_id admin_id class_id brand_id memo date due_date")
    | {f"custom_{n}" for n in range(1, 21)}
)
LINE_WRITABLE = words(
    """descrip line_rate line_quantity line_usage external_key custom_1 custom_2 custom_3 tierset_id admin_id"""
)
