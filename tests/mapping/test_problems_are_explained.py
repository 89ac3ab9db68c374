"""Every problem that co2sf check can tell has a heading that says what to do, and every heading a problem."""

import re
from pathlib import Path

import pytest
from told import GAP, texts_in

ROOT = Path(__file__).parents[2]


def headings(page):
    lines = (ROOT / "docs" / page).read_text().splitlines()
    return [line.removeprefix("### ").replace("`", "") for line in lines if line.startswith("### ")]


HEADINGS = headings("troubleshooting-check.md")
CONSTANT = '"…" … (a constant that its conversion does not take)'
LATE = "…: …. Is the sensor changes on? co2sf sync brings what waits."  # told by the sync room, which knows ages
ROOMS = {
    "pipelines/mapping": "checking complaints fit fit_values pieces reading written written_conversions",
    "pipelines/cli/checking": "troubles live_check",
}


def pattern(heading):
    return re.compile(".*".join(map(re.escape, heading.split(GAP))).replace('"', "") + r"\Z")


def bare(text):
    return text.replace('"', "").replace("`", "")


@pytest.fixture(scope="module")
def told():
    """Text to where it stands; a constant's problem is whatever its conversion says."""
    paths = [ROOT / room / f"{name}.py" for room, names in ROOMS.items() for name in names.split()]
    texts = {text: place for path in paths for place, text in texts_in(path)}
    return {CONSTANT if text == f"{GAP} {GAP}" else text: place for text, place in texts.items()}


def test_every_problem_has_a_heading(told):
    patterns = [pattern(each) for each in HEADINGS]
    without = {text: place for text, place in told.items() if not any(each.match(bare(text)) for each in patterns)}
    assert without == {}, "give them headings in docs/troubleshooting-check.md that say what to do"


def test_every_heading_has_a_problem(told):
    assert [each for each in HEADINGS if not any(pattern(each).match(bare(text)) for text in told)] == [LATE]


def test_every_problem_of_an_example_has_a_heading_too():
    patterns = [pattern(each) for each in [*headings("troubleshooting-fields.md"), *HEADINGS]]
    texts = {text for _, text in texts_in(ROOT / "pipelines" / "mapping" / "examples.py")}
    assert {text for text in texts if not any(each.match(bare(text)) for each in patterns)} == {
        GAP  # unknown_field of checking.py, whose texts are looked at above
    }


def test_no_text_is_hidden_from_this_test(told):
    """A text that only runs of the code can make would have no heading; what it is made from is read instead."""
    assert {place.partition(":")[0] for text, place in told.items() if not text.strip(f"{GAP} .:")} == set()


def test_a_new_problem_is_seen(tmp_path):
    path = tmp_path / "new.py"
    path.write_text(
        "def check(findings, name):\n"
        '    text = f"{name} is of no use" if name else "there is nothing"\n'
        '    findings.at_key((), f"{text}; remove it")\n'
    )
    assert [text for _, text in texts_in(path)] == [f"{GAP} is of no use", "there is nothing"]
