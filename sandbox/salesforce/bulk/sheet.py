"""The CSV file of a job: its rows as cells, and cells as text again."""

import re
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from sandbox.salesforce.bulk.problems import JobFailedError

DELIMITERS: Final = {"COMMA": ",", "TAB": "\t", "SEMICOLON": ";", "PIPE": "|", "CARET": "^", "BACKQUOTE": "`"}
LINE_ENDS: Final = {"LF": "\n", "CRLF": "\r\n"}
LONGEST_CELL: Final = 131_072
LONGEST_ROW: Final = 400_000
LONGEST_HEADER: Final = 32_000
MOST_COLUMNS: Final = 5_000
GLANCE_ROWS: Final = 1_000


class Sheet:
    """A file that was read once, so that any row's cells can be had again.

    Nothing is trimmed, a blank beside a quote is an error, and line ends outside of quotes must be those of the job
    (verified, with the texts). A byte order mark is part of the first column's name (verified).
    """

    def __init__(self, text: str, delimiter: str, line_ending: str) -> None:
        self._text = text
        self._delimiter = DELIMITERS[delimiter]
        self._line_end, self._line_ending = LINE_ENDS[line_ending], line_ending
        self._cell = re.compile(rf'"([^"]*+(?:""[^"]*+)*+)"|([^"\r\n{re.escape(self._delimiter)}]*+)')
        self._starts = array("Q")
        self.header, self._first = self._row(0)
        if self._first > LONGEST_HEADER or len(self.header) > MOST_COLUMNS:
            raise _too_large("header")

    def scan(self) -> Iterator[None]:
        """Reads all rows and fails where they cannot be read; pauses every thousand.

        Rows with more or fewer cells than the header fail the job: code and text are unknown.
        """
        at = self._first
        while at < len(self._text):
            self._starts.append(at)
            cells, end = self._row(at)
            if len(cells) != len(self.header):
                counts = f"{len(cells)} values for {len(self.header)} columns"
                raise JobFailedError("InvalidBatch", f"Failed to parse CSV. Row {len(self)} has {counts}")
            if end - at > LONGEST_CELL and (end - at > LONGEST_ROW or max(map(len, cells)) > LONGEST_CELL):
                raise _too_large(f"row {len(self)}")
            at = end
            if not len(self) % GLANCE_ROWS:
                yield

    def __len__(self) -> int:
        """How many rows there are, without the header."""
        return len(self._starts)

    def cells(self, number: int) -> list[str]:
        """The cells of a row, counted from 0."""
        return self._row(self._starts[number])[0]

    def printed(self, rows: Iterable[list[str]]) -> bytes:
        """Rows as CSV with every value in quotes (as in the docs); delimiter and line end of the job are inferred."""
        lines = (self._delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
        return "".join(line + self._line_end for line in lines).encode()

    def _row(self, at: int) -> tuple[list[str], int]:
        found = self._text.find(self._line_end, at)
        end = found if found >= 0 else len(self._text)
        line = self._text[at:end]
        if '"' in line:
            return self._quoted_row(at)
        if "\n" in line or "\r" in line:
            raise self._wrong_line_end()
        return line.split(self._delimiter), min(end + len(self._line_end), len(self._text))

    def _quoted_row(self, at: int) -> tuple[list[str], int]:
        text, cells = self._text, []
        while True:
            match = self._cell.match(text, at)
            assert match is not None, "an empty cell always matches"
            quoted, bare = match.groups()
            cells.append(bare if quoted is None else quoted.replace('""', '"'))
            at = match.end()
            if at == len(text):
                return cells, at
            if text.startswith(self._line_end, at):
                return cells, at + len(self._line_end)
            if text[at] in "\r\n":
                raise self._wrong_line_end()
            if text[at] != self._delimiter:
                what = "Found unescaped quote. A value with quote should be within a quote"
                raise JobFailedError("InvalidBatch", f"Failed to parse CSV. {what}")
            at += 1

    def _wrong_line_end(self) -> JobFailedError:
        text = f"LineEnding is invalid on user data. Current LineEnding setting is {self._line_ending}"
        return JobFailedError("ClientInputError", text)


def _too_large(what: str) -> JobFailedError:
    """Beyond 131,072 characters a field, 400,000 a row, 5,000 fields, 32,000 the header (verified; text unknown)."""
    return JobFailedError("InvalidBatch", f"Failed to parse CSV. The {what} is larger than allowed")
