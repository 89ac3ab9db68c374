"""A ledger opens by itself, also for two at once, and says clearly why it does not."""

import subprocess
import sys

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from pipelines.errors import Co2sfError, FixAccess
from pipelines.ledger import open_ledger
from pipelines.ledger.migrate import FOLDER, HEAD
from pipelines.ledger.tables import VERSION_TABLE, metadata

OPEN = "import sys; from pipelines.ledger import open_ledger; open_ledger(sys.argv[1]).close()"


def test_several_processes_open_a_new_ledger_at_once(url):
    processes = [
        subprocess.Popen([sys.executable, "-c", OPEN, url], stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]

    assert [process.communicate()[1] for process in processes] == [""] * 4
    assert [process.returncode for process in processes] == [0] * 4


def test_opening_again_changes_nothing(url, outcome, at):
    with open_ledger(url) as ledger:
        ledger.record("run", [outcome("created")], at(1))

    with open_ledger(url) as ledger:
        assert ledger.counts("Invoice__c") == 1


def test_the_migrations_make_exactly_the_tables_that_the_code_works_with(url):
    open_ledger(url).close()
    engine = create_engine(url)
    found = inspect(engine)

    tables = set(found.get_table_names()) - {VERSION_TABLE}
    assert tables == set(metadata.tables)
    for name, table in metadata.tables.items():
        columns = {one["name"]: one["nullable"] for one in found.get_columns(name)}
        assert columns == {one.name: one.nullable for one in table.columns}
        assert set(found.get_pk_constraint(name)["constrained_columns"]) == {one.name for one in table.primary_key}
        indexes = {(one["name"], tuple(one["column_names"])) for one in found.get_indexes(name)}
        assert indexes == {(one.name, tuple(column.name for column in one.columns)) for one in table.indexes}
    engine.dispose()


def test_the_version_that_the_code_expects_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", str(FOLDER))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_ledger_of_a_newer_version_is_not_touched(url):
    open_ledger(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(FixAccess, match=r"its tables have version '9999'.*update co2sf"):
        open_ledger(url)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "ledger.db").write_text("this is a letter, not a database, and long enough to be looked at " * 20)

    with pytest.raises(FixAccess, match=r"ledger\.db: file is not a database"):
        open_ledger(f"sqlite:///{tmp_path}/ledger.db")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(FixAccess, match=r"the folder .*file/sub cannot be made"):
        open_ledger(f"sqlite:///{tmp_path}/file/sub/ledger.db")


@pytest.mark.parametrize("wrong", ["", "ledger.db", "mysql://a:secret@b/c", "nosuch://a:secret@b/c", "sqlite://"])
def test_an_address_that_is_no_ledger_is_refused_without_its_password(wrong):
    with pytest.raises(FixAccess, match=r"sqlite:///path/ledger\.db") as caught:
        open_ledger(wrong)
    assert "secret" not in str(caught.value)


def test_a_database_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(Co2sfError, match=r"postgresql\+psycopg2://me:\*\*\*@127.0.0.1:1/ledger") as caught:
        open_ledger("postgresql+psycopg2://me:secret@127.0.0.1:1/ledger")
    assert "secret" not in str(caught.value)
