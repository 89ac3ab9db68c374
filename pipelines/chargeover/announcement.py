"""What of a webhook is believed: that it knows the secret, and which record it names."""

import hmac
import json
from dataclasses import dataclass

from pipelines.chargeover.catalog import CATALOG

_aliases = {"billing_package": "package"}  # what old accounts call a subscription (PHP SDK)
_highest_id = 2**63 - 1  # what the ledger's columns hold


@dataclass(frozen=True, slots=True)
class Announcement:
    """A record of the catalog to which something happened."""

    object: str
    record_id: int


class Refused(Exception):
    """A delivery that is not taken; the reason is fixed words, so that it can be logged."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def read_announcement(body: bytes, secret: bytes) -> Announcement | None:
    """The record that a body names by ``context_str`` and ``context_id`` (docs: webhooks), None when the catalog does
    not have its object; the object's content in ``data`` is not looked at. Raises Refused."""
    envelope = _envelope(body)
    token = envelope.get("security_token")
    if not isinstance(token, str) or not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), secret):
        raise Refused(401, "security_token is not the secret")
    context = envelope.get("context_str")
    if not isinstance(context, str):
        raise Refused(400, "context_str is not a text")
    name = _aliases.get(context, context)
    return Announcement(name, _record_id(envelope.get("context_id"))) if name in CATALOG else None


def _envelope(body: bytes) -> dict[str, object]:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(envelope, dict):
        raise Refused(400, "the body is not a JSON object")
    return envelope


def _record_id(given: object) -> int:
    """ChargeOver writes ids as numbers and as text (samples of 2014 and 2025)."""
    if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) <= len(str(_highest_id)):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given <= _highest_id:
        raise Refused(400, "context_id is not the id of a record")
    return given
