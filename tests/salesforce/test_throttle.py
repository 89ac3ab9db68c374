"""Writers that get into each other's way become fewer, and more again when it stays calm."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import TryLater
from pipelines.salesforce.batch import Collection, Request
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience
from pipelines.salesforce.throttle import CALM, Throttle


def once(throttle, ends):
    """A request of this thread that ends in ``trouble`` or ``calm``."""
    with throttle.slot():
        pass
    getattr(throttle, ends)()


def test_trouble_halves_and_calm_adds_one_after_ten_requests():
    throttle = Throttle(8)

    once(throttle, "trouble")
    assert throttle.now == 4
    for _ in range(CALM - 1):
        once(throttle, "calm")
    assert throttle.now == 4
    once(throttle, "calm")
    assert (throttle.now, throttle.lowest) == (5, 4)


def test_trouble_begins_the_count_of_calm_requests_anew():
    throttle = Throttle(8)
    once(throttle, "trouble")
    for _ in range(CALM - 1):
        once(throttle, "calm")
    once(throttle, "trouble")
    once(throttle, "calm")

    assert (throttle.now, throttle.lowest) == (2, 2)


def test_calm_for_ever_lets_in_no_more_than_the_most():
    throttle = Throttle(8)
    for _ in range(3 * CALM):
        once(throttle, "calm")

    assert (throttle.now, throttle.lowest) == (8, 8)


@given(st.integers(1, 64), st.lists(st.sampled_from(["trouble", "calm"]), max_size=200))
def test_there_is_always_one_and_never_more_than_the_most(most, ends):
    throttle = Throttle(most)
    for each in ends:
        once(throttle, each)
        assert 1 <= throttle.lowest <= throttle.now <= most


def test_a_crowd_that_meets_one_lock_halves_once():
    throttle, everybody, met = Throttle(8), Event(), []

    def meet():
        with throttle.slot():
            everybody.wait(10)
        throttle.trouble()
        met.append(1)

    crowd = [Thread(target=meet) for _ in range(8)]
    for each in crowd:
        each.start()
    everybody.set()
    for each in crowd:
        each.join(10)

    assert (len(met), throttle.now) == (8, 4)


def test_no_more_than_now_are_let_in_at_once():
    throttle, inside, seen = Throttle(8), [], []
    once(throttle, "trouble")

    def enter():
        with throttle.slot():
            inside.append(1)
            seen.append(len(inside))
            time.sleep(0.002)
            inside.pop()

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(enter) for _ in range(40)]:
            done.result()

    assert max(seen) <= 4


def accounts(*keys):
    rows = [json.dumps({"ChargeOver_Id__c": key, "Name": f"Account {key}"}) for key in keys]
    return Request([Collection("Account", "ChargeOver_Id__c", rows)])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["429", "503", "503_after_commit", "html", "long_limit_exceeded"])
def test_an_org_that_is_too_busy_halves_the_writers(vendor, org, kind):
    org.limits()
    vendor.fault(kind, path="composite")

    assert org.upsert(accounts("1"))[0][0].success
    assert (org.throttle.now, org.throttle.lowest) == (4, 4)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["500", "drop", "expired_session"])
def test_what_fewer_writers_would_not_mend_leaves_them_as_they_are(vendor, org, kind):
    org.limits()
    vendor.fault(kind, path="composite")

    assert org.upsert(accounts("1"))[0][0].success
    assert org.throttle.lowest == 8


@pytest.mark.slow
def test_a_time_out_halves_the_writers(vendor, credentials, waits):
    with Org(credentials, timeout_seconds=(5, 0.2), patience=Patience(tries=2, sleep=waits.append)) as org:
        org.limits()
        vendor.fault("slow", path="composite", seconds=1, count=2)
        with pytest.raises(TryLater, match="no answer in time"):
            org.upsert(accounts("1"))
        assert org.throttle.now == 2


@pytest.mark.slow
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_locked_row_halves_the_writers_also_where_a_trigger_wraps_it(vendor, org, wrapped):
    vendor.fault("lock", sobject="Account", field="ChargeOver_Id__c", value="2", wrapped=wrapped)

    assert [reply.success for reply in org.upsert(accounts("1", "2"))[0]] == [True, True]
    assert org.throttle.now == 4


@pytest.mark.slow
def test_who_waits_to_try_again_lets_another_in(vendor, credentials):
    landed = []

    def sleep(_seconds):
        other = Thread(target=lambda: landed.append(org.upsert(accounts("2"))[0][0].success))
        other.start()
        other.join(5)

    with Org(credentials, patience=Patience(sleep=sleep), writers=1) as org:
        vendor.fault("lock", sobject="Account", field="ChargeOver_Id__c", value="1")
        org.upsert(accounts("1"))

    assert landed == [True]


def contacts(writer, number):
    rows = [
        json.dumps({"ChargeOver_Id__c": f"{writer}-{number}-{row}", "LastName": "Lee",
                    "Account": {"ChargeOver_Id__c": "1"}})
        for row in range(3)
    ]  # fmt: skip
    return Request([Collection("Contact", "ChargeOver_Id__c", rows)])


@pytest.mark.slow
def test_writers_of_children_of_one_parent_become_fewer_until_all_land_and_more_again_when_calm(vendor, credentials):
    """A contact locks its account (the sandbox's locks name their sources)."""

    def pace(**times):
        requests.post(f"{vendor.url}/_admin/settings", json=times, timeout=5).raise_for_status()

    def write(writer):
        return [reply.success for number in range(6) for reply in org.upsert(contacts(writer, number))[0]]

    with Org(credentials, patience=Patience(tries=12, first_wait_seconds=0.01, longest_wait_seconds=0.1)) as org:
        org.upsert(accounts("1"))
        pace(row_seconds=0.004, lock_wait_seconds=0)
        with ThreadPoolExecutor(8) as pool:
            landed = list(pool.map(write, range(8)))
        assert landed == [[True] * 18] * 8
        assert org.throttle.lowest <= 2

        pace(row_seconds=0)
        for number in range(7 * CALM):
            org.upsert(accounts(str(number)))
        assert org.throttle.now == 8
    assert len(vendor.rows("Contact")) == 8 * 18
