"""What travels to Salesforce in one request: up to five collections of up to 200 rows."""

import re
from dataclasses import dataclass

MOST_ROWS = 200
MOST_COLLECTIONS = 5

_NAME = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows of one sObject to upsert by one external id field; each row is the text of a JSON object."""

    sobject: str
    external_id_field: str
    rows: list[str]

    def __post_init__(self) -> None:
        if not 0 < len(self.rows) <= MOST_ROWS:
            raise ValueError(f"a collection has 1 to {MOST_ROWS} rows, not {len(self.rows)}")
        for name in (self.sobject, self.external_id_field):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is not the API name of an sObject or field")
        for row in self.rows:
            if not (row.startswith("{") and row.endswith("}")):
                raise ValueError(f"a row is the text of a JSON object, not {row[:20]!r}")

    @property
    def path(self) -> str:
        """Where the rows go, below the address of the API version."""
        return f"composite/sobjects/{self.sobject}/{self.external_id_field}"

    def body(self, positions: list[int]) -> str:
        """The JSON text that upserts the rows at these positions, each on its own (allOrNone false)."""
        return '{"allOrNone":false,"records":[' + ",".join(self._typed(self.rows[one]) for one in positions) + "]}"

    def _typed(self, row: str) -> str:
        # the rows are JSON already: reading and writing them again would cost more than the request
        rest = row[1:].lstrip()
        return f'{{"attributes":{{"type":"{self.sobject}"}}' + (rest if rest == "}" else "," + rest)


@dataclass(frozen=True, slots=True)
class Request:
    """Collections in the order of their dependencies: parents first."""

    collections: list[Collection]

    def __post_init__(self) -> None:
        if not 0 < len(self.collections) <= MOST_COLLECTIONS:
            raise ValueError(f"a request has 1 to {MOST_COLLECTIONS} collections, not {len(self.collections)}")
