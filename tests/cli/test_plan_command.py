"""co2sf plan and co2sf sync --plan: exit codes, forms, and a plan that is carried out or refused."""

import json

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def customers():
    return 3


@pytest.fixture
def shelf(shelf):
    """Two of the mappings: contacts look up customers."""
    for path in shelf.iterdir():
        if path.stem not in {"customers", "contacts"}:
            path.unlink()
    return shelf


def test_a_plan_is_shown_kept_carried_out_once_and_then_there_is_nothing_to_change(co2sf, world, live, tmp_path):
    file = tmp_path / "plan.json"

    planned = co2sf("plan", "--out", file)
    calls = world.write_calls()
    carried = co2sf("sync", "--plan", file, "--json")
    again = co2sf("sync", "--plan", file)
    nothing = co2sf("plan", "--json")

    assert (planned.code, calls) == (2, 0)
    assert "Account" in planned.out
    assert "holds customers' values" in planned.err
    assert (carried.code, carried.err) == (0, "")
    assert {each["sObject"]: each["created"] for each in json.loads(carried.out)}["Account"] == 3
    assert again.code == 2
    assert "the world has moved since the plan was made, so nothing of it was sent" in again.err
    assert (nothing.code, json.loads(nothing.out)["changes"]) == (0, False)
    run = json.loads(co2sf("log", "--json").out)[1]
    assert (run["why"], run["created"]) == ("co2sf sync --plan", carried_rows(carried))


def carried_rows(told):
    return sum(each["created"] for each in json.loads(told.out))


def test_an_update_is_shown_field_by_field_on_a_terminal_and_in_markdown(co2sf, world, live):
    co2sf("sync")
    world.call("PUT", "customer/1", {"company": "Pipe | <b>"})

    text, comment = co2sf("plan", "--ids", "customer:1"), co2sf("plan", "--markdown")

    assert text.code == comment.code == 2
    (name,) = [line for line in text.lines if line.startswith("    Name")]
    assert name.endswith("-> Pipe | <b>")
    assert comment.lines[0] == "<!-- co2sf plan -->"
    assert "| Pipe &#124; &#60;b&#62; |" in comment.out


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--bogus",), "No such option"),
        (("invoics",), "no mapping is called 'invoics'"),
        (("--ids", "customer:x"), "'customer:x' names no record"),
        (("customers", "--ids", "customer:1"), "--ids names records; mappings and --all have no meaning beside it"),
    ],
)
def test_whatever_goes_wrong_ends_with_1_since_2_means_changes(co2sf, live, words, text):
    told = co2sf("plan", *words)

    assert (told.code, told.out) == (1, "")
    assert text in told.err


def test_a_broken_mapping_is_told_and_counts_more_than_changes(co2sf, live):
    (live / "contacts.yaml").write_text("from: use\n")

    told = co2sf("plan")

    assert told.code == 1
    assert "contacts.yaml:1:" in told.err


def test_sync_takes_a_plan_or_options_and_says_what_is_no_plan(co2sf, live, tmp_path):
    both, missing = co2sf("sync", "--plan", "x", "--full"), co2sf("sync", "--plan", tmp_path / "none.json")

    assert (both.code, missing.code) == (2, 2)
    assert "--plan says all that is to be done" in both.err
    assert "none.json' cannot be read: No such file or directory" in missing.err
