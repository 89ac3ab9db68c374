"""What became of the rows of a job, read from the CSV files in which the org tells it."""

import csv
import io
import re
from collections.abc import Iterator
from typing import IO

from pipelines.errors import TryLater
from pipelines.salesforce.replies import Reply

LONGEST_CELL = 1_000_000
"""Characters: a message may quote a value of the longest kind."""

_ERROR = re.compile(r"([A-Za-z]\w*):(.*?):((?:[\w.]+ )*)--(?:;|$)", re.DOTALL)
_CODE = re.compile(r"([A-Z][A-Z0-9_]*):(.*)", re.DOTALL)


def rows_in(file: IO[bytes], external_id_field: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a result with their external ids, in the order of the file, which is not that of the sheet."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    # newline="" keeps line ends inside of values; the charset of the header is not asked, it is always UTF-8
    with io.TextIOWrapper(file, "utf-8", errors="replace", newline="") as text:
        try:
            yield from _rows(csv.reader(text, strict=True), external_id_field)
        except csv.Error as error:
            raise _not_whole(str(error)) from None


def _rows(lines: Iterator[list[str]], external_id_field: str) -> Iterator[tuple[str, dict[str, str]]]:
    header = next(lines, [])
    if header and external_id_field not in header:
        raise _not_whole(f"no column {external_id_field!r}")
    for cells in lines:
        if len(cells) != len(header):
            raise _not_whole(f"{len(cells)} values for {len(header)} columns")
        row = dict(zip(header, cells, strict=True))
        yield row[external_id_field], row


def success_of(row: dict[str, str]) -> Reply:
    """The reply in a row of successfulResults (Bulk API guide)."""
    return Reply(success=True, created=row.get("sf__Created") == "true", id=row.get("sf__Id") or None)


def failure_of(row: dict[str, str]) -> Reply:
    """The reply in a row of failedResults: ``CODE:message:FIELD FIELD --`` (recorded); of several errors, the first.

    The message may hold colons and line ends. That several are joined by ";" is inferred.
    """
    text = row.get("sf__Error", "")
    found = _ERROR.match(text)
    if found:
        return Reply(success=False, code=found[1], message=found[2], fields=tuple(found[3].split()))
    code = _CODE.fullmatch(text)
    return Reply(success=False, code=code[1] if code else "UNKNOWN", message=code[2] if code else text)


def _not_whole(what: str) -> TryLater:
    return TryLater(f"Salesforce: a job's results are not whole ({what}); they are read once more next time")
