"""The ledger's tables, as they stand after the last migration."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Dialect, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData()
VERSION_TABLE = "ledger_version"
"""Not Alembic's own name: Dagster keeps an ``alembic_version`` in the database that it may share with us."""

LOG_ID = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column of type INTEGER."""


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC with microseconds, handed out aware; a naive one is a ValueError.

    SQLite cannot keep a zone: there it is a text as SQLAlchemy's own DateTime writes it, only made in less time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else self.impl_instance)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - by dialect
        """UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"ledger: {value.isoformat()} has no time zone; give an aware instant")
        value = value if value.tzinfo is UTC else value.astimezone(UTC)
        return value.replace(tzinfo=None).isoformat(" ", "microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - by dialect
        """Aware UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return moment.replace(tzinfo=UTC) if dialect.name == "sqlite" else moment.astimezone(UTC)


rows = Table(
    "ledger_rows",
    metadata,
    Column("sobject", String(255), primary_key=True),
    Column("external_id", String(255), primary_key=True),
    Column("object", String(64), nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("salesforce_id", String(18)),
    Column("fingerprint", String(80), nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("slots", Text, nullable=False, server_default=""),
    Column("origin", String(120), nullable=False, server_default=""),
    Column("signal", String(32), nullable=False, server_default=""),
    Index("ledger_rows_by_record", "sobject", "object", "record_id", "gone"),
)

owed = Table(
    "ledger_owed",
    metadata,
    Column("sobject", String(255), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("external_id", String(255), primary_key=True),
    Column("object", String(64), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("fingerprint", String(80), nullable=False),
    Column("salesforce_id", String(18)),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("awaits_sobject", String(255)),
    Column("awaits_external_id", String(255)),
    Column("tries", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("mapping_fingerprint", String(80), nullable=False),
    Column("run_id", String(64), nullable=False),
    Index("ledger_owed_by_try", "object", "verdict", "last_at"),
    Index("ledger_owed_by_parent", "awaits_sobject", "awaits_external_id"),
    Index("ledger_owed_by_age", "first_at"),
    Index("ledger_owed_by_record", "object", "record_id"),
)

log = Table(
    "ledger_log",
    metadata,
    Column("id", LOG_ID, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("sobject", String(255), nullable=False),
    Column("external_id", String(255), nullable=False),
    Column("object", String(64), nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("observed_at", Instant),
    Column("salesforce_id", String(18)),
    Column("code", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("message", Text, nullable=False),
    Index("ledger_log_by_record", "object", "record_id"),
    Index("ledger_log_by_run", "run_id"),
    Index("ledger_log_by_time", "at"),
)

watermarks = Table(
    "ledger_watermarks",
    metadata,
    Column("sobject", String(255), primary_key=True),
    Column("end_at", Instant, nullable=False),
    Column("mapping_fingerprint", String(80), nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("committed_at", Instant, nullable=False),
    Column("hint", BigInteger, nullable=False, server_default="0"),
)

marks = Table(
    "ledger_marks",
    metadata,
    Column("object", String(64), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("mark", String(80), nullable=False),
)

accounts = Table(
    "ledger_accounts",
    metadata,
    Column("kind", String(64), primary_key=True),
    Column("account", String(255), nullable=False),
)

inbox = Table(
    "ledger_inbox",
    metadata,
    Column("object", String(64), primary_key=True),
    Column("record_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("signal", String(64), nullable=False),
    Column("noted_at", Instant, nullable=False),
    Index("ledger_inbox_by_number", "object", "number"),
)

last_hint = Table(
    "ledger_last_hint",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
)
"""One row, there from the beginning: the highest number that a hint was ever given."""

walks = Table(
    "ledger_walks",
    metadata,
    Column("object", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("seen", BigInteger, nullable=False),
    Column("missing", BigInteger, nullable=False),
)

brakes = Table(
    "ledger_brakes",
    metadata,
    Column("object", String(64), primary_key=True),
    Column("message", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

capabilities = Table(
    "ledger_capabilities",
    metadata,
    Column("account", String(255), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("value", Text, nullable=False),
    Column("found_at", Instant, nullable=False),
)

calls = Table(
    "ledger_calls",
    metadata,
    Column("account", String(255), primary_key=True),
    Column("minute", Instant, primary_key=True),
    Column("signal", String(64), primary_key=True),
    Column("calls", BigInteger, nullable=False),
)

pauses = Table(
    "ledger_pauses",
    metadata,
    Column("account", String(255), primary_key=True),
    Column("until", Instant, nullable=False),
)

jobs = Table(
    "ledger_jobs",
    metadata,
    Column("id", String(18), primary_key=True),
    Column("sobject", String(255), nullable=False),
    Column("key", String(255), nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("opened_at", Instant, nullable=False),
)

job_rows = Table(
    "ledger_job_rows",
    metadata,
    Column("job_id", String(18), primary_key=True),
    Column("external_id", String(255), primary_key=True),
    Column("object", String(64), nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("observed_at", Instant, nullable=False),
    Column("fingerprint", String(80), nullable=False),
    Column("slots", Text, nullable=False),
    Column("parents", Text, nullable=False),
    Column("origin", String(120), nullable=False, server_default=""),
    Column("signal", String(32), nullable=False, server_default=""),
)

flights = Table(
    "ledger_flights",
    metadata,
    Column("id", LOG_ID, primary_key=True, autoincrement=True),
    Column("run_id", String(64), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("rows", Text, nullable=False),
)

editions = Table(
    "ledger_editions",
    metadata,
    Column("sobject", String(255), primary_key=True),
    Column("everywhere", String(120), nullable=False),
    Column("asked", String(120), nullable=False),
    Column("asked_at", Instant),
    Column("tries", Integer, nullable=False),
)

parts = Table(
    "ledger_mapping_parts",
    metadata,
    Column("sobject", String(255), primary_key=True),
    Column("mapping_fingerprint", String(80), primary_key=True),
    Column("parts", Text, nullable=False),
)

shapes = Table(
    "ledger_shapes",
    metadata,
    Column("sobject", String(255), primary_key=True),
    Column("last_modified", String(64), nullable=False),
    Column("checked_at", Instant, nullable=False),
    Column("shape", Text, nullable=False),
)

alerts = Table(
    "ledger_alerts",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("severity", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("to_do", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("gone_at", Instant),
)
