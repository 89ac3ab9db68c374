"""The account's own format of datetimes: behind the client everything is ISO 8601."""

from datetime import datetime

import pytest
from stage import client_of, on_list

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.many import read_many
from pipelines.chargeover.records import changed_at, read_list, read_one
from pipelines.errors import FixAccess
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.accounts import chargeover_of
from sandbox import chargeover as sandbox

british = "%d/%m/%Y %H:%M:%S"


@pytest.fixture
def account(stage, company):
    company.configure(sandbox.Settings(datetimes=british))
    return client_of(stage, datetime_format=british)


def rows(chargeover, name):
    return [row for seen in read_list(chargeover, CATALOG[name]) for row in seen.rows]


def test_however_a_record_is_read_its_datetimes_are_iso_and_nothing_else_is_touched(account, company, desk, stage):
    made = [desk.create("customer", company="01/02/2026 03:04:05") for _ in range(3)]
    written = datetime.fromtimestamp(company.clock.now(), company.settings.zone).strftime("%Y-%m-%dT%H:%M:%S")

    listed = rows(account, "customer")
    alone = read_one(account, CATALOG["customer"], made[0]).rows
    many = [row for seen, _ in read_many(account, CATALOG["customer"], made) for row in seen.rows]

    assert {row["mod_datetime"] for row in (*listed, *alone, *many)} == {written}
    assert {row["company"] for row in listed} == {"01/02/2026 03:04:05"}
    assert "/" in client_of(stage).get("customer", made[0]).rows[0]["mod_datetime"]


def test_children_are_rewritten_too(account, desk):
    line = {"item_id": desk.item(), "line_quantity": 1}
    desk.create("package", customer_id=desk.customers(1)[0], line_items=[line])

    subscribed = rows(account, "package")[0]["line_items"][0]["subscribe_datetime"]

    assert datetime.fromisoformat(subscribed)


def test_the_change_of_a_record_is_told_in_the_zone_of_the_account(account, company, desk):
    desk.customers(1)
    kind, zone = CATALOG["customer"], company.settings.zone

    assert changed_at(kind, rows(account, "customer")[0], zone) == company.clock.moment().replace(microsecond=0)


@pytest.mark.parametrize("odd", ["", None, 17, "yesterday", "2026-02-30 12:00:00", "31/02/2026 12:00:00", ["x"], {}])
def test_what_does_not_fit_the_format_stays_as_it_is(account, desk, stage, odd):
    desk.customers(1)
    stage.edit = on_list(lambda found: [row | {"mod_datetime": odd} for row in found])

    assert rows(account, "customer")[0]["mod_datetime"] == odd


@pytest.mark.parametrize("odd", [None, "none", 5, {}, ["x"]])
def test_children_that_are_no_list_of_records_stay_as_they_are(account, desk, stage, odd):
    desk.create("package", customer_id=desk.customers(1)[0])
    stage.edit = on_list(lambda found: [row | {"line_items": odd} for row in found])

    assert account.page("package", [], expand=["line_items"]).rows[0]["line_items"] == odd


def test_a_format_with_an_offset_keeps_it(stage, desk):
    account = client_of(stage, datetime_format="%d %b %Y %H.%M %z")
    desk.customers(1)
    stage.edit = on_list(lambda found: [row | {"mod_datetime": "07 Mar 2026 14.05 -0600"} for row in found])

    assert rows(account, "customer")[0]["mod_datetime"] == "2026-03-07T14:05:00-06:00"


def test_an_object_that_the_catalog_does_not_have_stays_as_it_is(account):
    assert account.page("currency", []).rows


def settings_with(monkeypatch, tmp_path, stage, **values):
    monkeypatch.chdir(tmp_path)
    good = {"URL": stage.url, "PUBLIC_KEY": "sandbox-public-key", "PRIVATE_KEY": "sandbox-private-key"}
    for name, value in (good | values).items():
        monkeypatch.setenv(f"CHARGEOVER_{name}", value)
    return read_settings(ChargeOverSettings)


def test_the_setting_leads_to_an_account_that_is_read_so(monkeypatch, tmp_path, stage, company, desk):
    company.configure(sandbox.Settings(datetimes=british))
    desk.customers(1)
    settings = settings_with(monkeypatch, tmp_path, stage, DATETIME_FORMAT=british)

    assert datetime.fromisoformat(rows(chargeover_of(settings), "customer")[0]["mod_datetime"])


@pytest.mark.parametrize("written", ["DD/MM/YYYY", "%d/%m/%Y", "%d/%m/%Y %I:%M", "%Q", "%H:%M:%S", "%"])
def test_a_format_that_holds_no_whole_datetime_is_named(monkeypatch, tmp_path, stage, written):
    with pytest.raises(FixAccess, match="CHARGEOVER_DATETIME_FORMAT is wrong: ") as wrong:
        settings_with(monkeypatch, tmp_path, stage, DATETIME_FORMAT=written)
    assert repr(written) in str(wrong.value)


@pytest.mark.parametrize("written", ["", british, "%m/%d/%y %I:%M %p", "%Y%m%dT%H%M%S%z", "%d %b %Y, %H:%M"])
def test_a_format_that_holds_a_whole_datetime_is_taken(monkeypatch, tmp_path, stage, written):
    assert settings_with(monkeypatch, tmp_path, stage, DATETIME_FORMAT=written).datetime_format == written
