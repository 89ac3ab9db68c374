"""Where people log in to Salesforce."""

from urllib.parse import urlsplit

from pipelines.errors import FixAccess
from pipelines.salesforce.adapters import allow_plain

DEFAULT = "production"
_NAMED = {"production": "https://login.salesforce.com", "sandbox": "https://test.salesforce.com"}
_PAGES = (".lightning.force.com", ".my.salesforce-setup.com")


def login_url_of(written: str, *, own_domain: bool = False) -> str:
    """The address for ``production``, ``sandbox`` or a My Domain; FixAccess when it is none, or not ``own_domain``."""
    text = written.strip()
    address = _NAMED.get(text.lower()) or (text if "://" in text else f"https://{text}")
    parts = urlsplit(address)
    host = parts.hostname or ""
    if "." not in host and host != "localhost":
        raise FixAccess(f"connect: {written!r} is no place to log in; write production, sandbox, or "
                        "https://MYDOMAIN.my.salesforce.com")  # fmt: skip
    for pages in _PAGES:
        if host.endswith(pages):
            mine = host.removesuffix(pages)
            raise FixAccess(f"connect: {written!r} is the address of Salesforce's pages; write "
                            f"https://{mine}.my.salesforce.com (Setup, My Domain)")  # fmt: skip
    address = f"{parts.scheme}://{parts.netloc}"
    allow_plain(address)
    if own_domain and address in _NAMED.values():
        raise FixAccess(f"connect: {address} does not take client credentials; write your My Domain address, "
                        "https://MYDOMAIN.my.salesforce.com (Setup, My Domain)")  # fmt: skip
    return address
