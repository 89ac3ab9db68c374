"""Which signal led to the last read of each row."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns; of rows that are there it is not known until they are read again."""
    for table in ("ledger_rows", "ledger_job_rows"):
        op.add_column(table, sa.Column("signal", sa.String(32), nullable=False, server_default=""))
