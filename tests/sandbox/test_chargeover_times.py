"""How an account writes times and what its filters make of zones, around a change of daylight saving above all."""

import pytest

# The second pass of the hour that is repeated in Chicago on 1 November 2026 begins at 07:00 UTC.
FIRST, SECOND, AFTER = "2026-11-01T06:50:00Z", "2026-11-01T07:10:00Z", "2026-11-01T08:05:00Z"


@pytest.fixture
def made(account):
    """Customers of 01:50 in the first pass, of 01:10 in the second and of 02:05."""
    ids = []
    for now in (FIRST, SECOND, AFTER):
        account.admin("clock", {"now": now})
        ids.append(account.customer())
    return ids


def found(account, text, operator="GTE", **more):
    escaped = text.replace(":", r"\:")
    return [row["customer_id"] for row in account.get("customer", where=f"mod_datetime:{operator}:{escaped}", **more)]


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("offset", "2026-11-01T01:10:00-06:00"),
        ("zoneless", "2026-11-01 01:10:00"),
        ("%m/%d/%Y %I:%M:%S %p", "11/01/2026 01:10:00 AM"),
    ],
)
def test_times_are_written_as_the_account_is_set(account, made, style, written):
    account.admin("settings", {"datetimes": style})
    assert account.get(f"customer/{made[1]}")["mod_datetime"] == written
    assert account.get("customer")[1]["mod_datetime"] == written


def test_an_account_that_writes_offsets_filters_and_orders_by_moments(account, made):
    account.admin("settings", {"datetimes": "offset"})
    assert found(account, "2026-11-01T01:30:00-05:00") == made
    assert found(account, "2026-11-01T01:30:00-05:00", "LT") == []
    assert found(account, "2026-11-01T07:10:00+00:00", "LTE", order="mod_datetime:DESC") == [made[1], made[0]]


@pytest.mark.parametrize("style", ["zoneless", "%d.%m.%Y %H:%M:%S"])
def test_without_offsets_the_repeated_hour_hides_its_second_pass(account, made, style):
    account.admin("settings", {"datetimes": style})
    assert found(account, "2026-11-01 01:30:00") == [made[0], made[2]]
    assert found(account, "2026-11-01 01:30:00", "LT") == [made[1]]
    assert found(account, "2026-11-01 01:10:00", "EQUALS") == [made[1]]
    assert found(account, "2026-11-01", order="mod_datetime:ASC") == [made[1], made[0], made[2]]


def test_without_offsets_the_offset_in_a_filter_means_nothing(account, made):
    account.admin("settings", {"datetimes": "zoneless"})
    assert found(account, "2026-11-01T02:00:00+00:00") == [made[2]]
    assert found(account, "2026-11-01T08:05:00Z") == []
    assert found(account, "2026-11-01T08:00:00-23:00", "LTE") == made


def test_an_account_without_offsets_may_heed_them_in_filters(account, made):
    account.admin("settings", {"datetimes": "zoneless", "zone_aware_filters": True})
    assert found(account, "2026-11-01T08:05:00Z") == [made[2]]
    assert found(account, "2026-11-01T01:10:00-06:00", "LTE") == made[:2]
    assert found(account, "2026-11-01 01:30:00") == made


def test_local_texts_are_compared_in_zones_far_from_utc_too(account):
    """The index holds moments: a day and night of them may have to be looked at to find one local text."""
    for zone, local in (("Pacific/Kiritimati", "2026-03-11 08:00:00"), ("Pacific/Pago_Pago", "2026-03-10 07:00:00")):
        account.admin("settings", {"zone": zone, "datetimes": "zoneless"})
        customer = account.customer()
        assert found(account, local, "GTE") == found(account, local, "LTE") == list(range(1, customer + 1))
        assert found(account, local, "GT") == found(account, local, "LT") == []


def test_the_index_of_times_agrees_with_a_look_at_every_row(account, made):
    """A second clause hides nothing of what the first finds, whichever of the two is looked up."""
    account.admin("settings", {"datetimes": "zoneless", "extra_filters": ["customer.balance"]})
    for text in ("2026-11-01 01:00:00", "2026-11-01 01:10:00", "2026-11-01 01:50:01", "2026-11-01 03:00:00"):
        for operator in ("GT", "GTE", "LT", "LTE"):
            written = [row["mod_datetime"] for row in account.get("customer")]
            compare = {"GT": str.__gt__, "GTE": str.__ge__, "LT": str.__lt__, "LTE": str.__le__}[operator]
            expected = [each for each, at in zip(made, written, strict=True) if compare(at, text)]
            assert found(account, text, operator) == expected


def test_no_time_at_all_fulfils_no_comparison_and_has_a_place_in_the_order(account):
    """A cancelled package has "" for its next invoice [recorded 2015]."""
    customer, item = account.customer(), account.item()
    live, cancelled = (account.package(customer, item) for _ in range(2))
    account.act(f"package/{cancelled}?action=cancel")
    account.admin("settings", {"extra_filters": ["package.next_invoice_datetime"]})
    by_time = account.get("package", where="next_invoice_datetime:GT:2020-01-01")
    assert [row["package_id"] for row in by_time] == [live]
    assert account.get("package/_count", where="next_invoice_datetime:LT:2020-01-01") == 0
    in_order = account.get("package", order="next_invoice_datetime:ASC")
    assert [row["package_id"] for row in in_order] == [cancelled, live]


@pytest.mark.parametrize("style", ["iso", "%Y-%m-%d %H:%M:%S%z", "", 5])
def test_a_format_that_is_none_or_writes_a_zone_is_refused(account, style):
    answer = account.session.post(f"{account.url}/_admin/settings", json={"datetimes": style}, timeout=5)
    assert answer.status_code == 400
    assert "strftime" in answer.json()["error"]
