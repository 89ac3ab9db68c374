"""Posting to the webhook. Its address is a secret: whoever has it can post, so it stands in no text."""

from typing import Any

import requests
from pydantic import SecretStr

from pipelines.errors import FixAccess, TryLater

_timeout_seconds = (5, 10)


def post(url: SecretStr, body: dict[str, Any]) -> None:
    """Post JSON; raises TryLater when it was not taken, FixAccess when the receiver says that the address is wrong."""
    try:
        answer = requests.post(url.get_secret_value(), json=body, timeout=_timeout_seconds, allow_redirects=False)
    except requests.RequestException as error:  # its text holds the address
        said = f"alerts: the webhook cannot be reached ({type(error).__name__})"
        raise TryLater(f"{said}; the message is kept and sent by a later try") from None
    if answer.ok and not answer.is_redirect:
        return
    if answer.status_code in {401, 403, 404, 405, 410}:
        raise FixAccess(f"alerts: the webhook answers {answer.status_code}; set CO2SF_ALERT_WEBHOOK_URL to one that "
                        "exists. The message is kept")  # fmt: skip
    raise TryLater(f"alerts: the webhook answers {answer.status_code}; the message is kept and sent by a later try")
