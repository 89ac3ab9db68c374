"""What each mapping that rows were made under has said, field by field."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Of mappings that were used before it is not known."""
    op.create_table(
        "ledger_mapping_parts",
        sa.Column("sobject", sa.String(255), primary_key=True),
        sa.Column("mapping_fingerprint", sa.String(80), primary_key=True),
        sa.Column("parts", sa.Text, nullable=False),
    )
