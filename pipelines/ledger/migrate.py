"""Brings a ledger's tables to the shape that this version of the code works with."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from pipelines.errors import FixAccess
from pipelines.ledger.database import reading, shown, use_wal, writing
from pipelines.ledger.tables import VERSION_TABLE

HEAD = "0007"
"""The last migration; named here so that an up-to-date ledger opens without loading Alembic."""

FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Make or update the tables, one process at a time; FixAccess when the database cannot be reached or is newer."""
    try:
        use_wal(engine)
        with reading(engine) as connection:
            if _version(connection) == HEAD:
                return
        with writing(engine) as connection:
            _upgrade(connection)
    except DBAPIError as error:
        cause = str(error.orig).strip().splitlines()[0]
        raise FixAccess(
            f"ledger {shown(engine.url)}: {cause}; check the address, the name and the rights in this database"
        ) from error


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise FixAccess(
            f"ledger {shown(connection.engine.url)}: its tables have version {_version(connection)!r}, "
            f"this co2sf knows versions up to {HEAD!r}; update co2sf, or use another ledger"
        ) from error
