"""Numbered hints, marks of watched lists, walks, brakes, capabilities, and the budget of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAME, OBJECT, SIGNAL = sa.String(255), sa.String(64), sa.String(64)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Change and make them; hints and marks that are there stay."""
    _number_hints()
    _count_hints()
    op.add_column("ledger_watermarks", sa.Column("hint", sa.BigInteger, nullable=False, server_default="0"))
    op.rename_table("ledger_open_set", "ledger_marks")
    # by all that the sweep asks for: a question over the records of an object never leaves the index
    op.drop_index("ledger_rows_by_record", "ledger_rows")
    op.create_index("ledger_rows_by_record", "ledger_rows", ["sobject", "object", "record_id", "gone"])
    _walks_and_brakes()
    _accounts()


def _number_hints() -> None:
    op.rename_table("ledger_inbox", "ledger_inbox_without_numbers")
    op.create_table(
        "ledger_inbox",
        sa.Column("object", OBJECT, nullable=False),
        sa.Column("record_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("signal", SIGNAL, nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("object", "record_id", name="ledger_inbox_key"),
    )
    op.execute(
        "INSERT INTO ledger_inbox (object, record_id, number, signal, noted_at) "
        "SELECT object, record_id, row_number() OVER (ORDER BY noted_at, object, record_id), signal, noted_at "
        "FROM ledger_inbox_without_numbers"
    )
    op.drop_table("ledger_inbox_without_numbers")
    op.create_index("ledger_inbox_by_number", "ledger_inbox", ["object", "number"])


def _count_hints() -> None:
    op.create_table("ledger_last_hint", sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False))
    op.execute("INSERT INTO ledger_last_hint (number) SELECT count(*) FROM ledger_inbox")


def _walks_and_brakes() -> None:
    op.create_table(
        "ledger_walks",
        sa.Column("object", OBJECT, primary_key=True),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("missing", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "ledger_brakes",
        sa.Column("object", OBJECT, primary_key=True),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )


def _accounts() -> None:
    op.create_table(
        "ledger_capabilities",
        sa.Column("account", NAME, primary_key=True),
        sa.Column("name", NAME, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
    )
    op.create_table(
        "ledger_calls",
        sa.Column("account", NAME, primary_key=True),
        sa.Column("minute", INSTANT, primary_key=True),
        sa.Column("signal", SIGNAL, primary_key=True),
        sa.Column("calls", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "ledger_pauses",
        sa.Column("account", NAME, primary_key=True),
        sa.Column("until", INSTANT, nullable=False),
    )
