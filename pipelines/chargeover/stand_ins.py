"""Placeholders for what a record says about people: an example that is kept in git must not say it."""

import re
from typing import Any

_KEPT = re.compile(
    r"(_str|_state|_status_name|_type|_type_name|^type|^type_name|^paycycle|^paycycle_name|^paymethod|^paymethod_name"
    r"|^currency_iso4217|^currency_symbol|_delivery|^gateway_method|^transaction_method)\Z"
)
_STATES = re.compile(r"^(bill|ship)_state\Z")
_PLACEHOLDERS = {
    r".*email": "person@example.com",
    r".*phone": "+1 555 010 0100",
    r".*first_name": "Alex",
    r".*last_name": "Example",
    r".*username": "alex",
    r"mask_number": "xxxx-xxxx-xxxx-4242",
    r"(paymethod|transaction)_detail": "x4242",
    r"expdate_year": "2030",
    r"expdate_month": "12",
    r"expdate_formatted": "Dec 2030",
    r"company|(superuser_|admin_)?name": "Example Ltd",
    r"(bill|ship)_addr1|address": "1 Example Street",
    r"((bill|ship)_)?city": "Exampletown",
    r"((bill|ship)_)?state": "MN",
    r"((bill|ship)_)?postcode": "55400",
    r"((bill|ship)_)?country": "United States",
    r"url_.*": "https://example.chargeover.com/",
    r".*ipaddr": "192.0.2.1",
}


def stand_in(name: str, kind: str, value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """The value if it is a number, a time, a flag or one of ChargeOver's own words, else a placeholder; what is empty
    stays empty, since that often is the point of an example."""
    own = name.rpartition(".")[2]
    if value is None or value == "" or kind in {"int", "decimal", "bool", "datetime"}:
        return value
    if kind == "date":
        return "2030-12-01" if own == "expdate" else value
    if kind == "json":
        return []
    if _KEPT.search(own) and not _STATES.match(own):
        return value
    found = (text for pattern, text in _PLACEHOLDERS.items() if re.fullmatch(pattern, own))
    return next(found, own.replace("_", " "))
