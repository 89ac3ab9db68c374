"""What was accepted of each field, ingest jobs, requests under way, and what the org last looked like."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NAME, OBJECT, RUN, HASH, JOB = sa.String(255), sa.String(64), sa.String(64), sa.String(80), sa.String(18)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make them; of rows that are there no field is known, so the next update sends them whole."""
    op.add_column("ledger_rows", sa.Column("slots", sa.Text, nullable=False, server_default=""))
    op.create_index("ledger_owed_by_parent", "ledger_owed", ["awaits_sobject", "awaits_external_id"])
    _jobs()
    op.create_table(
        "ledger_flights",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("run_id", RUN, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("rows", sa.Text, nullable=False),
    )
    op.create_table(
        "ledger_shapes",
        sa.Column("sobject", NAME, primary_key=True),
        sa.Column("last_modified", sa.String(64), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("shape", sa.Text, nullable=False),
    )


def _jobs() -> None:
    op.create_table(
        "ledger_jobs",
        sa.Column("id", JOB, primary_key=True),
        sa.Column("sobject", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("run_id", RUN, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
    )
    op.create_table(
        "ledger_job_rows",
        sa.Column("job_id", JOB, primary_key=True),
        sa.Column("external_id", NAME, primary_key=True),
        sa.Column("object", OBJECT, nullable=False),
        sa.Column("record_id", sa.BigInteger, nullable=False),
        sa.Column("observed_at", INSTANT, nullable=False),
        sa.Column("fingerprint", HASH, nullable=False),
        sa.Column("slots", sa.Text, nullable=False),
        sa.Column("parents", sa.Text, nullable=False),
    )
