"""The problems that a person is told of, and what retention asks of owed rows."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table, and find owed rows by their age and by their record."""
    op.create_index("ledger_owed_by_age", "ledger_owed", ["first_at"])
    op.create_index("ledger_owed_by_record", "ledger_owed", ["object", "record_id"])
    op.create_table(
        "ledger_alerts",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("to_do", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT),
        sa.Column("gone_at", INSTANT),
    )
