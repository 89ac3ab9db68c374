"""Reading what ChargeOver answered: the envelope, with amounts kept exact, or one clear error."""

import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from pipelines.errors import Co2sfError, FixAccess, TryLater


class QuestionRefused(Co2sfError):
    """ChargeOver does not support what was asked (HTTP 400), for example a filter."""


class CutAnswer(TryLater):
    """The answer ended early or is no JSON although it says so: ask again."""


class Busy(TryLater):
    """ChargeOver could not answer now (HTTP 429 or 5xx); ``wait_seconds`` is how long it asks to be left alone."""

    def __init__(self, text: str, wait_seconds: float = 0) -> None:
        super().__init__(text)
        self.wait_seconds = wait_seconds


class TooSlow(Busy):
    """No answer in time, here or behind a gateway (HTTP 504): a smaller question may be answered."""


def read_answer(answer: requests.Response) -> Any:  # noqa: ANN401 - what JSON holds
    """The envelope's ``response``; None for HTTP 404. Numbers come as int or Decimal, never as float; NaN, infinities
    and what no Decimal holds as text, so that the record they stand in is named and rejected, not the whole page."""
    text = answer.text
    envelope = _envelope(answer, text)
    if "response" not in envelope and (answer.ok or answer.status_code == 404):
        raise FixAccess(f"{_asked(answer)}: JSON, but not ChargeOver's envelope; check CHARGEOVER_URL")
    if answer.status_code == 404:
        return None
    if answer.ok:
        return envelope["response"]
    raise _error(answer, str(envelope.get("message") or "no message"))


def _envelope(answer: requests.Response, text: str) -> dict[str, Any]:
    if answer.status_code == 404 and not text.lstrip().startswith("{"):
        raise FixAccess(f"{_asked(answer)}: HTTP 404 without ChargeOver's envelope; check CHARGEOVER_URL")
    if text.lstrip().startswith("<"):
        raise _html(answer, text)
    try:
        envelope = json.loads(text, parse_float=_exact, parse_constant=str)
    except (ValueError, RecursionError) as cut:
        if not answer.ok:
            raise _error(answer, repr(_start(text)) if text.strip() else "no message") from None
        raise CutAnswer(f"{_asked(answer)}: the answer is not whole JSON ({cut}); try again later") from None
    return envelope if isinstance(envelope, dict) else {}


def _exact(number: str) -> Decimal | str:
    try:
        return Decimal(number)
    except InvalidOperation:
        return number


def _html(answer: requests.Response, text: str) -> Co2sfError:
    page = f"a web page instead of JSON ({_start(text)!r})"
    if _is_busy(answer):
        return _busy(answer, page)
    return FixAccess(f"{_asked(answer)}: HTTP {answer.status_code}, {page}; check CHARGEOVER_URL")


def _error(answer: requests.Response, message: str) -> Co2sfError:
    text = f"{_asked(answer)}: HTTP {answer.status_code}, {message}"
    if answer.status_code in {401, 403}:
        return FixAccess(
            f"{text}; check CHARGEOVER_PUBLIC_KEY and CHARGEOVER_PRIVATE_KEY, or run co2sf connect chargeover"
        )
    return QuestionRefused(text) if answer.status_code == 400 else _busy(answer, message)


def _is_busy(answer: requests.Response) -> bool:
    return answer.status_code == 429 or answer.status_code >= 500


def _busy(answer: requests.Response, message: str) -> Busy:
    text = f"{_asked(answer)}: HTTP {answer.status_code}, {message}; try again later"
    if answer.status_code == 504:
        return TooSlow(text)
    return Busy(text, _wait_seconds(answer) if answer.status_code in {429, 503} else 0)


def _wait_seconds(answer: requests.Response) -> float:
    """What Retry-After asks for, in seconds or as a date on the server's clock; 0 without a usable one."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        return max(0.0, (until - _written_at(answer)).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def _written_at(answer: requests.Response) -> datetime:
    try:
        return parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, TypeError, ValueError):
        return datetime.now(UTC)


def _start(text: str) -> str:
    return " ".join(text[:1000].split())[:60]


def _asked(answer: requests.Response) -> str:
    return f"ChargeOver {answer.request.method} {(answer.request.path_url or '').partition('?')[0]}"
