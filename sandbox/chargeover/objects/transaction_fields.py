"""The fields of a transaction and which of them a request may write."""

from sandbox.chargeover.kind import fields, words

DETAIL_LENGTH = 32  # transaction_detail was cut to this on write in 2015
TYPES = fields("""
    int: transaction_id parent_transaction_id transaction_batch_id customer_id brand_id gateway_id gateway_err_code
    int: creditcard_id ach_id tokenized_id currency_id
    flag: gateway_status
    text: gateway_type gateway_nickname gateway_transid gateway_method gateway_msg gateway_err_detail token external_key
    text: currency_iso4217 currency_symbol transaction_status_name transaction_status_str transaction_status_state
    text: transaction_type transaction_type_name transaction_method transaction_detail transaction_ipaddr memo url_self
    text: custom*5
    money: amount fee applied unapplied
    date: transaction_date
    datetime: transaction_datetime void_datetime
    json: gateway_opts refunds payments
""")
WRITABLE = words(
    """gateway_status gateway_transid gateway_method gateway_msg gateway_id external_key amount fee transaction_type
    transaction_detail transaction_date memo creditcard_id ach_id tokenized_id brand_id custom_1 custom_2 custom_3
    custom_4 custom_5"""
)
