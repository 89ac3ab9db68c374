"""Reading what ChargeOver answered: the envelope, with amounts kept exact, or one clear error."""

import json
from decimal import Decimal
from typing import Any

import requests

from pipelines.errors import Co2sfError, FixAccess, TryLater


class QuestionRefused(Co2sfError):
    """ChargeOver does not support what was asked (HTTP 400), for example a filter."""


class CutAnswer(TryLater):
    """The answer ended early or is no JSON although it says so: ask again."""


def read_answer(answer: requests.Response) -> Any:  # noqa: ANN401 - what JSON holds
    """The envelope's ``response``; None for HTTP 404. Numbers come as int or Decimal, never as float; NaN and
    infinities as text, so that the record they stand in is named and rejected instead of the whole page."""
    envelope = _envelope(answer)
    if answer.status_code == 404:
        return None
    if answer.ok and "response" in envelope:
        return envelope["response"]
    raise _error(answer, str(envelope.get("message") or "no message"))


def _envelope(answer: requests.Response) -> dict[str, Any]:
    if answer.status_code == 404 and not answer.text.lstrip().startswith("{"):
        raise FixAccess(f"{_asked(answer)}: HTTP 404 without ChargeOver's envelope; check CHARGEOVER_URL")
    if answer.text.lstrip().startswith("<"):
        raise _html(answer)
    try:
        envelope = json.loads(answer.text, parse_float=Decimal, parse_constant=str)
    except ValueError as cut:
        raise CutAnswer(f"{_asked(answer)}: the answer is not whole JSON ({cut}); try again later") from None
    if not isinstance(envelope, dict):
        raise FixAccess(f"{_asked(answer)}: JSON, but not ChargeOver's envelope; check CHARGEOVER_URL")
    return envelope


def _html(answer: requests.Response) -> Co2sfError:
    start = " ".join(answer.text.split())[:60]
    if answer.status_code in {401, 403} or answer.ok:
        return FixAccess(f"{_asked(answer)}: a web page instead of JSON ({start!r}); check CHARGEOVER_URL")
    return TryLater(f"{_asked(answer)}: HTTP {answer.status_code} with a web page ({start!r}); try again later")


def _error(answer: requests.Response, message: str) -> Co2sfError:
    text = f"{_asked(answer)}: HTTP {answer.status_code}, {message}"
    if answer.status_code in {401, 403}:
        return FixAccess(f"{text}; check CHARGEOVER_PUBLIC_KEY and CHARGEOVER_PRIVATE_KEY")
    if answer.status_code == 429 or answer.status_code >= 500:
        return TryLater(f"{text}; try again later")
    return QuestionRefused(text)


def _asked(answer: requests.Response) -> str:
    return f"ChargeOver {answer.request.method} {(answer.request.path_url or '').partition('?')[0]}"
