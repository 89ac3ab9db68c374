"""The course of an alert: whatever is seen, whenever, and whether or not the webhook answers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipelines.alerts.course import Pace, Word, due, observed, told
from pipelines.alerts.problem import Problem, Seen

pace = Pace(remind_after=timedelta(hours=6), calm=timedelta(minutes=5))
noon = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Teller:
    """What the sensor does with its looks; what is kept between them is the list of alerts alone."""

    def __init__(self):
        self.alerts, self.said = [], []

    def look(self, at, *, wrong=(), over=(), answers=True, times=0):
        seen = Seen()
        seen.right(*over)
        for key in wrong:
            seen.wrong(Problem(key, f"{key} fails", "why", "do", times=times))
        kept = {each.key: each for each in observed(self.alerts, seen, at)}
        notices = due(kept.values(), at, pace)
        if answers:
            goes_on, closed = told(notices, at)
            kept |= {each.key: each for each in goes_on}
            kept = {key: each for key, each in kept.items() if key not in closed}
            self.said += [(at, each.word, each.alert.key) for each in notices]
        self.alerts = list(kept.values())

    def words(self, key="a"):
        return [word for _, word, one in self.said if one == key]


def minutes(number):
    return noon + timedelta(minutes=number)


def test_a_problem_is_told_when_it_begins_again_after_hours_and_once_when_it_is_over():
    teller = Teller()
    for number in range(0, 800, 10):
        teller.look(minutes(number), wrong=["a"])
    teller.look(minutes(800), over=["a"])
    assert teller.words() == [Word.BEGAN, Word.LASTS, Word.LASTS]
    teller.look(minutes(806))
    teller.look(minutes(900))

    assert [(at, word) for at, word, _ in teller.said] == [
        (minutes(0), Word.BEGAN),
        (minutes(360), Word.LASTS),
        (minutes(720), Word.LASTS),
        (minutes(806), Word.OVER),
    ]


def test_a_problem_of_which_nothing_is_seen_lasts():
    teller = Teller()
    teller.look(minutes(0), wrong=["a"])
    teller.look(minutes(360))

    assert teller.words() == [Word.BEGAN, Word.LASTS]


def test_a_problem_that_flutters_is_one_alert_and_ends_once():
    teller = Teller()
    for number in range(0, 60, 2):
        teller.look(minutes(number), wrong=["a"] if number % 4 else [], over=[] if number % 4 else ["a"], times=1)
    assert teller.words() == [Word.BEGAN]
    assert teller.alerts[0].times == 15
    teller.look(minutes(60), over=["a"])
    teller.look(minutes(66), over=["a"])

    assert teller.words() == [Word.BEGAN, Word.OVER]


def test_while_the_webhook_does_not_answer_everything_is_kept_and_then_told_once():
    teller = Teller()
    for number in range(0, 30, 5):
        teller.look(minutes(number), wrong=["a"], answers=False)
    assert teller.said == []
    teller.look(minutes(30), wrong=["a"])
    teller.look(minutes(35), wrong=["a"])

    assert teller.said == [(minutes(30), Word.BEGAN, "a")]
    assert teller.alerts[0].begun_at == noon


def test_a_problem_that_came_and_went_while_the_webhook_was_down_is_told_as_over():
    teller = Teller()
    teller.look(minutes(0), wrong=["a"], answers=False)
    teller.look(minutes(10), over=["a"], answers=False)
    teller.look(minutes(20))

    assert teller.words() == [Word.OVER]
    assert teller.alerts == []


def test_a_state_is_known_whole_what_is_no_problem_is_none():
    seen = Seen()
    seen.state(["a", "b"], [Problem("b", "b", "", "")])

    assert (set(seen.problems), seen.over) == ({"b"}, {"a"})


steps = st.lists(
    st.tuples(
        st.sampled_from([1, 3, 6, 90, 400]),
        st.sampled_from(["wrong", "over", "nothing"]),
        st.booleans(),
    ),
    max_size=40,
)


@given(steps)
def test_between_two_beginnings_there_is_always_an_end_and_no_end_is_lost(played):
    teller, passed = Teller(), 0
    for wait, what, answers in played:
        passed += wait
        teller.look(
            minutes(passed),
            wrong=["a"] if what == "wrong" else [],
            over=["a"] if what == "over" else [],
            answers=answers,
        )
    stands = bool(teller.alerts)
    teller.look(minutes(passed + 1), over=["a"])
    teller.look(minutes(passed + 10))

    standing = False
    for word in teller.words():
        assert word is not Word.BEGAN or not standing
        assert word is not Word.LASTS or standing
        standing = word is not Word.OVER
    assert not standing
    assert not stands or teller.words()[-1] is Word.OVER
    assert teller.alerts == []


@given(steps)
def test_a_reminder_comes_no_sooner_than_it_may(played):
    teller, passed = Teller(), 0
    for wait, what, answers in played:
        passed += wait
        wrong, over = (["a"] if what == kind else [] for kind in ("wrong", "over"))
        teller.look(minutes(passed), wrong=wrong, over=over, answers=answers)

    for (before, _, _), (at, word, _) in zip(teller.said, teller.said[1:], strict=False):
        assert word is not Word.LASTS or at - before >= pace.remind_after
