"""HTTP Basic: public key as user, private key as password; anything else is 401 [docs: api, response 401].

The bracketed part of the message varies; only the one for a missing header is documented. The old signed scheme of the
PHP SDK is dropped from the current documentation and not accepted.
"""

import base64
import binascii
import hmac

from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.settings import Settings


def check(settings: Settings, header: str | None) -> None:
    """Refuse a request whose Authorization header does not carry the account's keys."""
    if header is None or not header.lower().startswith("basic "):
        raise _unauthorized("Missing (basic) authorization header.")
    try:
        given = base64.b64decode(header[6:].strip(), validate=True)
    except (binascii.Error, ValueError):
        raise _unauthorized("Malformed (basic) authorization header.") from None
    if not hmac.compare_digest(given, f"{settings.public_key}:{settings.private_key}".encode()):
        raise _unauthorized("Bad credentials.")


def _unauthorized(reason: str) -> Refusal:
    return Refusal(401, f"Invalid or incorrect authorization [{reason}]")
