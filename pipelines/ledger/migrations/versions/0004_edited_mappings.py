"""What each row was made from, and under which mapping all records of an sObject were last read."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NAME, HASH = sa.String(255), sa.String(120)


def upgrade() -> None:
    """Of rows that are there it is not known; so the first edit of their mapping counts for all of them."""
    for table in ("ledger_rows", "ledger_job_rows"):
        op.add_column(table, sa.Column("origin", HASH, nullable=False, server_default=""))
    op.create_table(
        "ledger_editions",
        sa.Column("sobject", NAME, primary_key=True),
        sa.Column("everywhere", HASH, nullable=False),
        sa.Column("asked", HASH, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer, nullable=False),
    )
