"""What is kept of one connection."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """Settings by name, and what a login gives and renews: tokens, and when they were given."""

    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)

    def is_of(self, told: Mapping[str, object]) -> bool:
        """Whether it is the connection that was ``told`` otherwise, as far as that names an account or a key: secrets
        of one account are never sent to another."""
        addresses = {_bare(self.settings.get(name)) for name in ("url", "login_url")} - {""}
        if told.get("url") and _bare(told["url"]) not in addresses:
            return False
        keys = ("client_id", "public_key")
        return all(str(told[name]) == self.settings.get(name) for name in keys if told.get(name))

    def as_json(self) -> str:
        """As text."""
        return json.dumps({"settings": dict(self.settings), "tokens": dict(self.tokens)})


def entry_of(text: str) -> Entry:
    """The entry in a text; ValueError when there is none."""
    written = json.loads(text)
    if not isinstance(written, dict):
        raise ValueError("no entry")  # noqa: TRY004 - as a text that is no JSON
    return Entry(_texts(written.get("settings")), _texts(written.get("tokens")))


def _texts(written: object) -> dict[str, str]:
    return {str(name): str(value) for name, value in written.items()} if isinstance(written, dict) else {}


def _bare(url: object) -> str:
    return str(url or "").rstrip("/").lower()
