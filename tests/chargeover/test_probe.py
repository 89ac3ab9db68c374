"""What an account supports is found out by questions that a deaf filter cannot pass."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.probe import probe, questions
from pipelines.errors import TryLater

chicago = ZoneInfo("America/Chicago")
documented = {
    "filter user.mod_datetime": "no",
    "filter item.mod_datetime": "no",
    "filter quote.write_datetime": "no",
    "filter creditcard.creditcard_id": "no",
    "filter creditcard.write_datetime": "no",
    "filter ach.ach_id": "no",
    "filter ach.write_datetime": "no",
    "expand quote.line_items": "no",
}
hoped = sorted(name.removeprefix("filter ") for name in documented if name.startswith("filter"))


@pytest.fixture
def furnished(desk):
    """An account with a few records of each object, and of each state that a watched list tells apart."""
    customers = desk.customers(3)
    for customer in customers:
        desk.create("user", customer_id=customer, first_name="Ada")
        desk.create("creditcard", customer_id=customer, number="4111111111111111", expdate="2031-05-01")
        desk.create("ach", customer_id=customer, number="9900001234")
        desk.create("quote", customer_id=customer, line_items=[{"item_id": desk.item()}])
    for _ in range(2):
        package = desk.create("package", customer_id=customers[0], line_items=[{"item_id": desk.item()}])
    desk.act("package", package, "cancel")
    paid, _ = desk.invoice(customers[0]), desk.invoice(customers[1])
    desk.pay(customers[0], paid, 80)
    return desk


@pytest.fixture
def switch(stage):
    """Sets switches of the account, over its admin path."""

    def set_them(**switches):
        answer = requests.post(f"{stage.url}/_admin/settings", json=switches, timeout=10)
        assert answer.ok, answer.text
        stage.asked.clear()

    return set_them


@pytest.fixture
def counting(stage):
    """Lets ``_count`` answer something else where a field is filtered by: given what it should be, and all there is."""

    def instead(name, field, answer):
        asked = {}

        def edit(path, body):
            if path != f"{name}/_count":
                return body
            envelope = json.loads(body)
            if f"{field}:" in asked["where"]:
                envelope["response"] = answer(envelope["response"], stage.total[name])
            return json.dumps(envelope).encode()

        stage.total = {name: len(stage.company.tables[name])}
        stage.before = lambda path, query: asked.update(where=query.get("where", ""))
        stage.edit = edit

    return instead


@pytest.fixture
def stage(stage, company):
    stage.company = company
    return stage


def asked_paths(stage):
    return [path for path, _ in stage.asked]


def test_an_account_as_documented_is_told_in_some_50_calls(chargeover, furnished, stage):
    chargeover.now()
    stage.asked.clear()

    found = probe(chargeover, chicago)

    assert {name: answer for name, answer in found.items() if answer != "yes"} == {
        **documented,
        "datetimes": "offset",
        "zone": "fits",
    }
    assert questions() - found.keys() == {"page_limit"}  # no object has 500 records
    assert len(stage.asked) <= 50


def test_an_account_that_supports_all_we_hope_for_is_told_in_some_55_calls(chargeover, furnished, stage, switch):
    expands = ["package.line_items", "invoice.line_items", "transaction.applied_to", "quote.line_items"]
    switch(extra_filters=hoped, expands=expands)

    found = probe(chargeover, chicago)

    assert {found[name] for name in found if name.startswith(("filter", "expand"))} == {"yes"}
    assert len(stage.asked) <= 55


def test_the_calls_are_taken_for_the_probe(chargeover, furnished):
    probe(chargeover.on_behalf_of("sweep"), chicago, known=questions() - {"filter customer.customer_id"})

    assert set(chargeover.calls_by_signal) == {"probe"}


def test_what_is_known_is_not_asked_again(chargeover, furnished, stage):
    chargeover.now()
    stage.asked.clear()

    found = probe(chargeover, chicago, known=questions() - {"filter user.mod_datetime"})

    assert found == {"filter user.mod_datetime": "no"}
    assert set(asked_paths(stage)) == {"user/_count"}


every_filter = sorted(name.removeprefix("filter ") for name in questions() if name.startswith("filter"))


@pytest.mark.parametrize("name", [each for each in every_filter if each not in hoped])
def test_a_documented_filter_is_used_unless_the_account_refuses_it(chargeover, furnished, switch, name):
    others = questions() - {f"filter {name}"}
    assert probe(chargeover, chicago, known=others) == {f"filter {name}": "yes"}

    switch(refused_filters=[name])

    assert probe(chargeover, chicago, known=others) == {f"filter {name}": "no"}


@pytest.mark.parametrize("name", every_filter)
@pytest.mark.parametrize(
    "answer", [lambda fits, everything: everything, lambda fits, everything: 0], ids=["ignored", "always empty"]
)
def test_a_filter_that_is_ignored_or_always_answers_empty_is_none(
    chargeover, furnished, switch, counting, name, answer
):
    switch(extra_filters=hoped)
    kind, _, field = name.partition(".")
    counting(kind, field, answer)

    assert probe(chargeover, chicago, known=questions() - {f"filter {name}"}) == {f"filter {name}": "no"}


@pytest.mark.parametrize("name", ["customer.mod_datetime", "user.mod_datetime"])
def test_a_time_that_some_records_lack_is_no_cursor_since_new_ones_may_lack_it_too(
    chargeover, furnished, company, switch, name
):
    switch(extra_filters=hoped)
    kind = name.partition(".")[0]
    next(iter(company.tables[kind].rows.values()))["mod_datetime"] = None

    assert probe(chargeover, chicago)[f"filter {name}"] == "no"


def test_a_cancellation_filter_of_an_account_without_cancellations_is_left_open(chargeover, desk):
    customer = desk.customers(1)[0]
    desk.create("package", customer_id=customer, line_items=[{"item_id": desk.item()}])

    assert "filter package.cancel_datetime" not in probe(chargeover, chicago)


def test_a_state_that_all_records_share_leaves_its_filter_open(chargeover, desk):
    desk.invoice(desk.customers(1)[0])

    found = probe(chargeover, chicago)

    assert found["filter invoice.mod_datetime"] == "yes"
    assert "filter invoice.invoice_status_state" not in found


def test_records_that_come_between_two_questions_spoil_no_answer(chargeover, furnished, desk, stage):
    stage.before = lambda path, query: "GTE:1970" in query.get("where", "") and desk.customers(2)

    found = probe(chargeover, chicago)

    assert found["filter customer.mod_datetime"] == "yes"


def test_without_records_only_a_refusal_tells(chargeover):
    assert probe(chargeover, chicago) == {"filter creditcard.creditcard_id": "no", "filter ach.ach_id": "no"}


def test_an_object_that_the_account_does_not_have_is_left_open(chargeover, furnished, stage):
    refusal = json.dumps({"code": 400, "status": "Error", "message": "not supported: list(quote, )", "response": False})
    stage.before = lambda path, query: (
        path.startswith("quote") and stage.canned.append((400, "application/json", refusal))
    )

    found = probe(chargeover, chicago)

    assert not [name for name in found if "quote" in name]
    assert found["filter ach.ach_id"] == "no"


@pytest.mark.parametrize("node", ["package.line_items", "invoice.line_items", "transaction.applied_to"])
def test_a_node_that_lists_do_not_carry_is_told(chargeover, furnished, switch, node):
    assert probe(chargeover, chicago)[f"expand {node}"] == "yes"
    switch(expands=[])
    assert probe(chargeover, chicago)[f"expand {node}"] == "no"


def test_a_node_that_is_refused_is_told(chargeover, furnished, stage):
    refusal = json.dumps({"code": 400, "status": "Error", "message": "No.", "response": False})
    stage.before = lambda path, query: "expand" in query and stage.canned.append((400, "application/json", refusal))

    assert probe(chargeover, chicago)["expand invoice.line_items"] == "no"


@pytest.mark.parametrize("over_limit", ["clamp", "refuse"])
@pytest.mark.parametrize(("most", "found"), [(500, "500"), (100, "100"), (130, "100"), (10, "10")])
def test_the_longest_page_is_found_whether_longer_ones_are_cut_or_refused(
    chargeover, desk, switch, over_limit, most, found
):
    desk.customers(501)
    switch(page_limit=most, over_limit=over_limit)

    assert probe(chargeover, chicago)["page_limit"] == found


def test_too_few_records_tell_that_long_pages_are_refused_but_not_how_short_they_are_cut(chargeover, desk, switch):
    desk.customers(60)
    switch(page_limit=100, over_limit="refuse")
    assert probe(chargeover, chicago)["page_limit"] == "100"

    switch(page_limit=100, over_limit="clamp")
    assert "page_limit" not in probe(chargeover, chicago)


def test_pages_that_are_too_slow_just_now_are_not_taken_for_the_longest(chargeover, desk, stage):
    desk.customers(501)
    late = json.dumps({"code": 504, "status": "Error", "message": "Gateway Time-out", "response": False})
    stage.before = lambda path, query: (
        query.get("limit") == "500" and stage.canned.append((504, "application/json", late))
    )

    assert "page_limit" not in probe(chargeover, chicago)


@pytest.mark.parametrize(
    ("written", "found"), [("offset", "offset"), ("zoneless", "zoneless"), ("%m/%d/%Y %H:%M:%S", "unreadable"),
                           ("%Y-%m-%d", "unreadable")],
)  # fmt: skip
def test_how_datetimes_are_written_is_told(chargeover, furnished, switch, written, found):
    switch(datetimes=written)

    assert probe(chargeover, chicago)["datetimes"] == found


def test_a_format_that_we_were_told_makes_datetimes_readable(stage, furnished, switch):
    switch(datetimes="%m/%d/%Y %H:%M:%S")
    told = ChargeOver(stage.url, "sandbox-public-key", "sandbox-private-key", datetime_format="%m/%d/%Y %H:%M:%S")

    assert probe(told, chicago)["datetimes"] == "zoneless"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Los_Angeles"])
def test_an_offset_that_is_not_that_of_our_zone_is_told(chargeover, desk, company, zone, switch):
    company.clock.set(datetime(2026, 1, 12, 12, tzinfo=UTC))
    desk.customers(1)
    switch(zone=zone)
    written = {"UTC": "+00:00", "Europe/Berlin": "+01:00", "America/Los_Angeles": "-08:00"}[zone]

    assert probe(chargeover, ZoneInfo(zone))["zone"] == "fits"
    assert probe(chargeover, chicago)["zone"] == (
        f"ChargeOver writes {written}, CHARGEOVER_ZONE America/Chicago is -06:00 then"
    )


def test_a_zone_that_differs_in_summer_only_is_told(chargeover, desk, company, switch):
    switch(zone="America/Mexico_City")  # without daylight saving since 2022
    company.clock.set(datetime(2026, 1, 12, 12, tzinfo=UTC))
    desk.customers(1)
    assert probe(chargeover, chicago)["zone"] == "fits"
    company.clock.set(datetime(2026, 7, 12, 12, tzinfo=UTC))
    desk.customers(1)

    found = probe(chargeover, chicago)["zone"]

    assert found == "ChargeOver writes -06:00, CHARGEOVER_ZONE America/Chicago is -05:00 then"


def test_times_without_offset_that_would_lie_in_the_future_tell_a_zone_further_east(chargeover, furnished, switch):
    switch(datetimes="zoneless", zone="Europe/Berlin")

    assert probe(chargeover, ZoneInfo("Europe/Berlin"))["zone"] == "fits"
    assert probe(chargeover, chicago)["zone"] == in_the_future


in_the_future = (
    "records lie in the future when read in CHARGEOVER_ZONE America/Chicago: ChargeOver's zone is east of it"
)


def test_a_record_of_now_among_many_old_ones_tells_a_zone_further_east(chargeover, desk, company, switch):
    company.clock.advance(-30 * 86400)
    desk.customers(501)
    company.clock.advance(30 * 86400)
    desk.customers(1)
    switch(datetimes="zoneless", zone="Europe/Berlin")

    assert probe(chargeover, chicago)["zone"] == in_the_future


@pytest.mark.parametrize(("zone", "side"), [("Europe/Berlin", "east"), ("America/Los_Angeles", "west")])
def test_filters_that_mind_offsets_tell_on_which_side_the_zone_lies(chargeover, furnished, company, switch, zone, side):
    company.clock.advance(86400)  # so that nothing of it is ahead of the clock
    switch(datetimes="zoneless", zone=zone, zone_aware_filters=True)

    found = probe(chargeover, chicago)["zone"]

    assert found == f"records are not found by their own time: ChargeOver's zone is {side} of America/Chicago"


@pytest.mark.parametrize(
    ("kind", "field", "answer"),
    [
        ("package", "write_datetime", lambda fits, everything: 0),
        ("package", "write_datetime", lambda fits, everything: 1),
        ("customer", "mod_datetime", lambda fits, everything: everything),
    ],
)
def test_a_filter_that_does_not_filter_says_nothing_about_the_zone(
    chargeover, furnished, switch, counting, kind, field, answer
):
    switch(datetimes="zoneless")
    counting(kind, field, answer)

    assert probe(chargeover, chicago)["zone"] == "fits"


def test_datetimes_and_zone_are_told_also_when_all_else_is_known(chargeover, furnished, stage):
    chargeover.now()
    stage.asked.clear()

    found = probe(chargeover, chicago, known=questions() - {"datetimes", "zone"})

    assert found == {"datetimes": "offset", "zone": "fits"}
    assert asked_paths(stage) == ["customer"]


@pytest.mark.parametrize("minute", [90, 150])
def test_a_record_of_the_hour_that_comes_twice_does_not_speak_against_the_zone(
    chargeover, desk, company, switch, minute
):
    company.clock.set(datetime(2026, 11, 1, 5, tzinfo=UTC) + timedelta(minutes=minute))  # 01:30 CDT, then CST
    desk.customers(1)
    company.clock.advance(86400)
    switch(datetimes="zoneless", zone_aware_filters=True)

    assert probe(chargeover, chicago)["zone"] == "fits"


def test_a_trouble_in_the_middle_is_raised(chargeover, furnished, stage):
    busy = json.dumps({"code": 503, "status": "Error", "message": "Busy", "response": False})
    stage.before = lambda path, query: (
        path.startswith("invoice") and stage.canned.append((503, "application/json", busy))
    )

    with pytest.raises(TryLater, match="503"):
        probe(chargeover, chicago)


def test_every_answer_is_one_that_objects_read(chargeover, furnished, switch):
    switch(refused_filters=[each for each in every_filter if each not in hoped], expands=[])

    found = probe(chargeover, chicago)

    for kind in CATALOG.values():
        bare = kind.supported(found)
        assert (bare.cursors, bare.expand, bare.keyset) == ((), (), False)
        assert bare.watched is not None
        assert bare.watched.field == ""


def test_an_outage_that_answers_empty_from_some_question_on_is_no_answer(chargeover, furnished, stage):
    empty = json.dumps({"code": 200, "status": "OK", "message": "", "response": 0})

    def go_out(path, query):
        if not stage.canned and "GTE:1970" in query.get("where", ""):
            stage.canned.extend([(200, "application/json", empty)] * 2)

    stage.before = go_out

    with pytest.raises(TryLater, match="customer: 3 records, and none a moment later"):
        probe(chargeover, chicago)
