"""The first tables: rows, owed rows, log, watermarks, open set, inbox, accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NAME, OBJECT, RUN, HASH = sa.String(255), sa.String(64), sa.String(64), sa.String(80)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make them."""
    _rows()
    _owed()
    _log()
    op.create_table(
        "ledger_watermarks",
        sa.Column("sobject", NAME, primary_key=True),
        sa.Column("end_at", INSTANT, nullable=False),
        sa.Column("mapping_fingerprint", HASH, nullable=False),
        sa.Column("run_id", RUN, nullable=False),
        sa.Column("committed_at", INSTANT, nullable=False),
    )
    op.create_table(
        "ledger_open_set",
        sa.Column("object", OBJECT, primary_key=True),
        sa.Column("record_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("mark", HASH, nullable=False),
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("kind", sa.String(64), primary_key=True),
        sa.Column("account", NAME, nullable=False),
    )
    op.create_table(
        "ledger_inbox",
        sa.Column("object", OBJECT, primary_key=True),
        sa.Column("record_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("signal", sa.String(64), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
    )


def _rows() -> None:
    op.create_table(
        "ledger_rows",
        sa.Column("sobject", NAME, primary_key=True),
        sa.Column("external_id", NAME, primary_key=True),
        sa.Column("object", OBJECT, nullable=False),
        sa.Column("record_id", sa.BigInteger, nullable=False),
        sa.Column("salesforce_id", sa.String(18)),
        sa.Column("fingerprint", HASH, nullable=False),
        sa.Column("observed_at", INSTANT, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
    )
    op.create_index("ledger_rows_by_record", "ledger_rows", ["sobject", "record_id"])


def _owed() -> None:
    op.create_table(
        "ledger_owed",
        sa.Column("sobject", NAME, primary_key=True),
        sa.Column("record_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("external_id", NAME, primary_key=True),
        sa.Column("object", OBJECT, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("observed_at", INSTANT, nullable=False),
        sa.Column("fingerprint", HASH, nullable=False),
        sa.Column("salesforce_id", sa.String(18)),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("awaits_sobject", NAME),
        sa.Column("awaits_external_id", NAME),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("mapping_fingerprint", HASH, nullable=False),
        sa.Column("run_id", RUN, nullable=False),
    )
    op.create_index("ledger_owed_by_try", "ledger_owed", ["object", "verdict", "last_at"])


def _log() -> None:
    op.create_table(
        "ledger_log",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("run_id", RUN, nullable=False),
        sa.Column("sobject", NAME, nullable=False),
        sa.Column("external_id", NAME, nullable=False),
        sa.Column("object", OBJECT, nullable=False),
        sa.Column("record_id", sa.BigInteger, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("observed_at", INSTANT),
        sa.Column("salesforce_id", sa.String(18)),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )
    op.create_index("ledger_log_by_record", "ledger_log", ["object", "record_id"])
    op.create_index("ledger_log_by_run", "ledger_log", ["run_id"])
    op.create_index("ledger_log_by_time", "ledger_log", ["at"])
