"""The small objects: currency, terms, brand, admin, language, country, campaign, class, coupon and what begins with _.

None of them can be filtered [connector of 2026]. Class, coupon and _customfield have unknown shapes: their lists are
empty in a new company. currency, terms, brand and admin come filled.
"""

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.kind import Kind, fields
from sandbox.chargeover.reading import needed
from sandbox.chargeover.table import Row

_CURRENCIES = (
    ("US Dollar", "USD", "$", "0.01"),
    ("Euro", "EUR", "€", "0.01"),
    ("British Pound", "GBP", "£", "0.01"),
    ("Japanese Yen", "JPY", "¥", "1"),
    ("Canadian Dollar", "CAD", "$", "0.01"),
)
_TERMS = (("Net 15", 15), ("Net 30", 30), ("Due on Receipt", 0), ("Net 60", 60))
_COUNTRIES = (
    ("United States", "US", "USA", ".us"),
    ("Canada", "CA", "CAN", ".ca"),
    ("Germany", "DE", "DEU", ".de"),
    ("United Kingdom", "GB", "GBR", ".uk"),
    ("Japan", "JP", "JPN", ".jp"),
)
_ADMINS = (("Ada", "Winters", "ada@sandbox.example"), ("Tomás", "Ríos", "tomas@sandbox.example"))


def _kind(name: str, text: str, key: str = "") -> Kind:
    return Kind(name=name, key=key or f"{name}_id", types=fields(text))


def _subscribe(company: Company, body: Row) -> int:
    """Send events to a URL from now on; twice the same makes two hooks, and both are served (unknown).

    Real accounts ask for https; the sandbox takes any http(s) URL. An event of a context that the account does not
    send is refused; what ChargeOver says to it is unknown, and of known contexts any event is taken and may never come.
    """
    needed(body, "target_url", "event")
    url, event = str(body["target_url"]), str(body["event"])
    if not url.startswith(("http://", "https://")):
        raise Refusal.invalid("target_url", url)
    context, _, happening = event.partition(".")
    if context not in company.settings.webhook_contexts or not happening or "." in happening:
        raise Refusal.invalid("event", event)
    return company.tables["_resthook"].add({"target_url": url, "event": event})


def _unsubscribe(company: Company, hook: Row) -> None:
    company.tables["_resthook"].remove(hook)


RESTHOOK = Kind(
    name="_resthook",
    key="id",
    types=fields("int: id\ntext: target_url event"),
    create=_subscribe,
    delete=_unsubscribe,
)
BRAND_TEXTS = "brand brand_addr1 brand_addr2 brand_city brand_state brand_postcode brand_country brand_block custom*5"
ADMIN_TEXTS = (
    "username external_key timezone name first_name last_name initials nickname email twitter facebook linkedin"
)

SMALL = (
    _kind("currency", "int: currency_id\ntext: currency iso4217 symbol rounding"),
    _kind("terms", "int: terms_id days\ntext: name"),
    _kind("brand", f"int: brand_id\ntext: {BRAND_TEXTS}"),
    _kind(
        "admin",
        f"int: admin_id login_count\ntext: {ADMIN_TEXTS} custom*5\n"
        "datetime: login_datetime write_datetime mod_datetime",
    ),
    _kind("language", "int: language_id\ntext: language iso639"),
    _kind("country", "int: country_id\ntext: name iso2 iso3 cctld"),
    _kind("campaign", "int: campaign_id\ntext: campaign"),
    _kind("class", "int: class_id\ntext: name"),
    _kind("coupon", "int: coupon_id\ntext: name"),
    _kind("item_category", "int: item_category_id\ntext: name external_key"),
    _kind("_customfield", "int: customfield_id", "customfield_id"),
    _kind("_log_system", "int: log_id\ntext: msg\ndatetime: log_datetime", "log_id"),
    RESTHOOK,
)


def furnish(company: Company, at: int) -> Company:
    """Give a new company what every account has from the start; ``at`` is when (seconds)."""
    tables = company.tables
    for currency, iso, symbol, rounding in _CURRENCIES:
        tables["currency"].add({"currency": currency, "iso4217": iso, "symbol": symbol, "rounding": rounding})
    for name, days in _TERMS:
        tables["terms"].add({"name": name, "days": days})
    for name, iso2, iso3, domain in _COUNTRIES:
        tables["country"].add({"name": name, "iso2": iso2, "iso3": iso3, "cctld": domain})
    tables["brand"].add({"brand": "Sandbox Telephony", "brand_city": "Minneapolis", "brand_state": "MN"})
    tables["language"].add({"language": "English", "iso639": "en"})
    for first, last, email in _ADMINS:
        names = {"name": f"{first} {last}", "first_name": first, "last_name": last, "initials": first[0] + last[0]}
        tables["admin"].add({**names, "email": email, "username": email, "write_datetime": at, "mod_datetime": at})
    return company
