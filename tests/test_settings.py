"""What is read from the environment, and what is said when something is missing there."""

import traceback
from pathlib import Path

import pytest

from pipelines.errors import FixAccess
from pipelines.settings import ChargeOverSettings, ProjectSettings, SalesforceSettings, read_settings

good = {
    "CHARGEOVER_URL": "https://demo.chargeover.example",
    "CHARGEOVER_PUBLIC_KEY": "p",
    "CHARGEOVER_PRIVATE_KEY": "s3cret",
}
names = (*good, "CHARGEOVER_ZONE", "SALESFORCE_URL", "SALESFORCE_CLIENT_ID", "DAGSTER_HOME", "CO2SF_LEDGER",
         "CO2SF_STAGING", "CO2SF_MAPPINGS")  # fmt: skip


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    for name in names:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def set_all(monkeypatch, **others):
    for name, value in (good | others).items():
        monkeypatch.setenv(name, value)


def test_every_missing_variable_is_named_in_one_line():
    with pytest.raises(FixAccess) as stopped:
        read_settings(ChargeOverSettings)

    told = str(stopped.value)
    assert all(name in told.partition("not set: ")[2] for name in good)
    assert "\n" not in told


def test_a_wrong_value_is_named_and_not_shown(monkeypatch):
    set_all(monkeypatch, CHARGEOVER_URL="s3cret-typed-in-the-wrong-place")

    with pytest.raises(FixAccess, match="CHARGEOVER_URL is wrong: ") as stopped:
        read_settings(ChargeOverSettings)

    assert "s3cret" not in str(stopped.value)


def test_a_time_zone_that_does_not_exist_is_named(monkeypatch):
    set_all(monkeypatch, CHARGEOVER_ZONE="Mars/Olympus")

    with pytest.raises(FixAccess, match="CHARGEOVER_ZONE is wrong"):
        read_settings(ChargeOverSettings)


def test_secrets_do_not_show_in_the_settings_themselves(monkeypatch):
    set_all(monkeypatch)

    assert "s3cret" not in repr(read_settings(ChargeOverSettings))


def test_a_dotenv_file_is_read_and_the_environment_wins(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("SALESFORCE_URL=https://a.example\nSALESFORCE_CLIENT_ID=from-file\n")
    monkeypatch.setenv("SALESFORCE_CLIENT_ID", "from-environment")

    read = read_settings(SalesforceSettings)

    assert (str(read.url), read.client_id) == ("https://a.example/", "from-environment")


@pytest.mark.parametrize("name", ["SALESFORCE_PASSWORD", "SALESFORCE_SECURITY_TOKEN"])
def test_logins_by_password_are_refused_with_the_reason_and_what_to_set_instead(monkeypatch, tmp_path, name):
    known = {"SALESFORCE_URL": "https://a.example", "SALESFORCE_CLIENT_ID": "id", "SALESFORCE_USERNAME": "ann"}
    (tmp_path / ".env").write_text("".join(f"{each}={value}\n" for each, value in (known | {name: "hunter2"}).items()))

    with pytest.raises(FixAccess, match=f"{name} is wrong: .*unset it") as stopped:
        read_settings(SalesforceSettings)

    assert "hunter2" not in "".join(traceback.format_exception(stopped.value))
    assert "\n" not in str(stopped.value)
    monkeypatch.setenv(name, "")
    assert read_settings(SalesforceSettings).username == "ann"


def test_why_passwords_are_refused(monkeypatch):
    set_all(monkeypatch, SALESFORCE_URL="https://a.example", SALESFORCE_CLIENT_ID="id", SALESFORCE_PASSWORD="hunter2")

    with pytest.raises(FixAccess, match=r"off in new orgs.* SOAP login .*Summer '27; .*SALESFORCE_CLIENT_SECRET .* or "
                                        r"SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE"):  # fmt: skip
        read_settings(SalesforceSettings)


def test_ledger_and_staging_lie_in_the_home_folder_unless_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    usual = read_settings(ProjectSettings)
    monkeypatch.setenv("CO2SF_LEDGER", "postgresql+psycopg2://db/ledger")
    monkeypatch.setenv("CO2SF_STAGING", "memory://parts")
    named = read_settings(ProjectSettings)

    assert (usual.mappings, usual.ledger_url) == (Path("mappings"), f"sqlite:///{tmp_path / 'home' / 'ledger.db'}")
    assert usual.staging_url == str(tmp_path / "home" / "staging")
    assert (named.ledger_url, named.staging_url) == ("postgresql+psycopg2://db/ledger", "memory://parts")


def test_the_page_of_settings_is_up_to_date():
    from pipelines.environment import DOCS_PAGE, page

    assert DOCS_PAGE.read_text() == page(), "run python -m pipelines.environment"


def test_settings_that_change_while_we_run_are_read_anew(monkeypatch, tmp_path):
    set_all(monkeypatch)
    assert read_settings(ChargeOverSettings) is read_settings(ChargeOverSettings)

    monkeypatch.setenv("CHARGEOVER_ZONE", "Europe/Vienna")
    assert read_settings(ChargeOverSettings).zone.key == "Europe/Vienna"

    for zone in ("Europe/Paris", "Europe/Malta"):
        (tmp_path / ".env").write_text(f"CHARGEOVER_ZONE={zone}\n")
        monkeypatch.delenv("CHARGEOVER_ZONE", raising=False)
        assert read_settings(ChargeOverSettings).zone.key == zone
