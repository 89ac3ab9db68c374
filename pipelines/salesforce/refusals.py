"""Why a login or a host does not let us in, in plain words."""

from collections.abc import Iterable
from urllib.parse import urlsplit

import requests

from pipelines.errors import Co2sfError, FixAccess, TryLater
from pipelines.salesforce.fault import Fault, Kind
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.session import BUSY, LOST, is_unknown_host


def unreachable(url: str, error: Exception) -> Co2sfError:
    """The error for a host that did not answer, without the request that it carries."""
    host = urlsplit(url).netloc or url
    if is_unknown_host(error):
        return FixAccess(f"Salesforce {host}: there is no host of this name; check the address and this network's DNS")
    if isinstance(error, requests.exceptions.SSLError):
        return FixAccess(f"Salesforce {host}: its certificate is not accepted; check the address and any proxy between")
    if isinstance(error, requests.exceptions.ProxyError):
        return FixAccess(f"Salesforce {host}: the proxy does not let us through; check HTTPS_PROXY and NO_PROXY")
    if isinstance(error, requests.Timeout):
        return TryLater(f"Salesforce {host}: no answer in time; run it again, and check the network if it stays")
    if isinstance(error, LOST):
        return TryLater(
            f"Salesforce {host}: the connection was refused or lost; check the address, the network and a firewall, "
            "then run it again"
        )
    return FixAccess(f"Salesforce {url!r}: this is no address that can be called ({type(error).__name__}); check it")


def not_json(url: str, status: int) -> Co2sfError:
    """The error for an answer that is a web page, cut short or empty."""
    host = urlsplit(url).netloc or url
    text = f"Salesforce {host}: answered {status} with something that is not whole JSON"
    if status >= 500 or status in BUSY:
        return TryLater(f"{text}; it is busy or being maintained: run it again later")
    if 300 <= status < 500:
        return FixAccess(f"{text}; check that this is the address https://MYDOMAIN.my.salesforce.com of the org")
    return TryLater(
        f"{text}; a proxy or a maintenance page stands between: run it again, check the address if it stays"
    )


def json_object(response: requests.Response) -> dict[str, object]:
    """The object in an answer; empty when there is none."""
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def refusal(url: str, response: requests.Response, faults: Iterable[Fault] = OAUTH_FAULTS) -> Co2sfError:
    """The error for what a token address answers instead of a token, by a table of faults."""
    fault, description = fault_in(response, faults), str(json_object(response).get("error_description") or "")
    if not fault.code:
        return _page_instead(url, response.status_code)
    host = urlsplit(url).netloc or url
    text = f"Salesforce login at {host}: {fault.cause} ({fault.code}: {description[:200]!r}); {fault.advice}"
    return TryLater(text) if fault.passes or response.status_code in BUSY else FixAccess(text)


def fault_in(response: requests.Response, faults: Iterable[Fault] = OAUTH_FAULTS) -> Fault:
    """The fault that a token address tells, with a code that nobody knows if need be, or with none."""
    answer = json_object(response)
    code, description = str(answer.get("error") or ""), str(answer.get("error_description") or "")
    unknown = Fault(code, Kind.STOP, "the org does not accept the login", "look at the login history of the user")
    return next((one for one in faults if one.fits(code, description)), unknown)


def _page_instead(url: str, status: int) -> Co2sfError:
    if status in BUSY:
        return not_json(url, status)
    host = urlsplit(url).netloc or url
    return FixAccess(
        f"Salesforce login at {host}: answered {status} without a token; check that this is the address "
        "https://MYDOMAIN.my.salesforce.com of the org (Setup, My Domain), not that of its pages"
    )
