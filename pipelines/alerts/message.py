"""The message that several notices become: a text for every receiver, and blocks for those that know Slack's."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pipelines.alerts.course import Notice, Word
from pipelines.alerts.problem import ERROR
from pipelines.ledger.alerts import Alert

_most_shown = 15
_longest_section = 2_900  # Slack takes 3,000 characters in a section, and 50 blocks
_longest_reason = 400
_order = (Word.BEGAN, Word.LASTS, Word.OVER)


def message(notices: Sequence[Notice]) -> dict[str, Any]:
    """Slack's JSON: ``text`` says everything, ``blocks`` the same with links that have names."""
    ordered = sorted(notices, key=lambda each: (_order.index(each.word), each.alert.severity != ERROR))
    shown, more = ordered[:_most_shown], len(ordered) - _most_shown
    rest = [f"... and {more} more; co2sf alerts lists them"] if more > 0 else []
    head = f"co2sf problems: {_counted(notices)}"
    return {
        "text": "\n".join([head, *(_line(each, _plain) for each in shown), *rest]),
        "blocks": [_section(text) for text in (f"*{head}*", *(_line(each, _named) for each in shown), *rest)],
    }


def trial() -> dict[str, Any]:
    """What ``co2sf alerts --test`` sends."""
    text = "co2sf: a test. Alerts of this pipeline will come here."
    return {"text": text, "blocks": [_section(text)]}


def _counted(notices: Iterable[Notice]) -> str:
    words = [each.word for each in notices]
    return ", ".join(f"{words.count(word)} {word}" for word in _order if word in words)


def _line(notice: Notice, linked: Callable[[Alert], str]) -> str:
    alert = notice.alert
    if notice.word is Word.OVER:
        return f"\u2705 {_escaped(alert.title)}: over since {alert.gone_at:%Y-%m-%d %H:%M} UTC, {_began(alert)}."
    sign = "\U0001f534" if alert.severity == ERROR else "\U0001f7e0"
    still = " still" if notice.word is Word.LASTS else ""
    said = f"{sign} {_escaped(alert.title)}{still}, {_began(alert)}: {_escaped(_short(alert.reason))}"
    return f"{said} What to do: {_escaped(alert.to_do)}{linked(alert)}"


def _began(alert: Alert) -> str:
    often = f", {alert.times} times" if alert.times > 1 else ""
    return f"begun {alert.begun_at:%Y-%m-%d %H:%M} UTC{often}"


def _plain(alert: Alert) -> str:
    return f" {alert.link}" if alert.link else ""


def _named(alert: Alert) -> str:
    return f" <{alert.link}|Open in Dagster>" if alert.link else ""


def _short(reason: str) -> str:
    """The first lines of a reason, as one sentence."""
    joined = " ".join(line.strip() for line in reason.splitlines() if line.strip())
    cut = joined if len(joined) <= _longest_reason else f"{joined[:_longest_reason]} ..."
    return cut if cut.endswith((".", "...")) else f"{cut}."


def _escaped(text: str) -> str:
    """Slack reads these three as its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_longest_section]}}
