"""Proof of a login."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.salesforce.adapters import allow_plain


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, and the address that takes it."""

    access_token: str = field(repr=False)
    instance_url: str


def token_of(answer: Mapping[str, object], url: str) -> Token:
    """The token in an answer of the token address at ``url``; FixAccess when it leads to a plain http address."""
    token = Token(str(answer["access_token"]), str(answer.get("instance_url") or url))
    allow_plain(token.instance_url)
    return token
