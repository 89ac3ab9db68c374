"""A table in Dagster's metadata."""

from collections.abc import Sequence

import dagster as dg


def table(rows: Sequence[dict[str, str | int]] | Sequence[dict[str, str]]) -> dg.TableMetadataValue:
    """Rows, at least one, that all have the same columns."""
    columns = [dg.TableColumn(name, "int" if isinstance(value, int) else "string") for name, value in rows[0].items()]
    return dg.MetadataValue.table([dg.TableRecord(dict(row)) for row in rows], schema=dg.TableSchema(columns))
