"""What a message says, and that a receiver that knows only ``text`` is told the same."""

from dataclasses import replace
from datetime import UTC, datetime

from pipelines.alerts.course import Notice, Word
from pipelines.alerts.message import message
from pipelines.ledger.alerts import Alert

noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
alert = Alert("run:sync", "error", "Job sync fails", "run 1a2b: cut off\nand more", "look at it.",
              "https://ui.example/runs/1a2b", "1a2b", 3, noon, None, None)  # fmt: skip


def test_a_new_problem_says_what_since_when_how_often_why_and_what_to_do():
    body = message([Notice(Word.BEGAN, alert)])

    assert body["text"].splitlines() == [
        "co2sf problems: 1 new",
        (
            "\U0001f534 Job sync fails, begun 2026-03-01 12:00 UTC, 3 times: run 1a2b: cut off and more. "
            "What to do: look at it. https://ui.example/runs/1a2b"
        ),
    ]
    assert "<https://ui.example/runs/1a2b|Open in Dagster>" in body["blocks"][1]["text"]["text"]


def test_several_are_one_message_new_ones_first_warnings_after_errors():
    warning = replace(alert, title="Check warns", severity="warning")
    over = replace(alert, title="Job prune fails", gone_at=noon)
    lines = message([Notice(Word.OVER, over), Notice(Word.BEGAN, warning), Notice(Word.BEGAN, alert)])[
        "text"
    ].splitlines()

    assert lines[0] == "co2sf problems: 2 new, 1 over"
    assert [line[0] for line in lines[1:]] == ["\U0001f534", "\U0001f7e0", "\u2705"]
    assert "Job prune fails: over since 2026-03-01 12:00 UTC" in lines[3]


def test_many_are_cut_and_counted_and_a_long_reason_is_cut_too():
    body = message([Notice(Word.BEGAN, replace(alert, reason="x" * 5_000))] * 60)

    assert body["text"].splitlines()[-1] == "... and 45 more; co2sf alerts lists them"
    assert len(body["blocks"]) <= 50
    assert all(len(each["text"]["text"]) <= 3_000 for each in body["blocks"])


def test_what_slack_reads_as_its_own_is_escaped():
    text = message([Notice(Word.BEGAN, replace(alert, reason="a <b> & c"))])["text"]

    assert "a &lt;b&gt; &amp; c" in text
