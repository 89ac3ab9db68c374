"""Pages of a long result, kept under a locator until they are read."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from sandbox.salesforce.errors import CallError
from sandbox.salesforce.ids import make
from sandbox.salesforce.jsonvalue import Json

KEPT: Final = 10  # older locators answer INVALID_QUERY_LOCATOR, as they would after about two days (inferred)
DEFAULT_SIZE: Final = 2000
LEAST_SIZE: Final = 200


@dataclass(slots=True)
class Cursor:
    """The whole result of a query and the size of its pages."""

    total: int
    results: list[dict[str, Json]]
    size: int


class Cursors:
    """The results that are still being read."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Cursor] = OrderedDict()
        self._made = 0

    def open(self, cursor: Cursor, root: str) -> dict[str, Json]:
        """The first page; more pages get a locator 01g... with the place in the result (verified form)."""
        if len(cursor.results) <= cursor.size:
            return {"totalSize": cursor.total, "done": True, "records": cursor.results}
        self._made += 1
        locator = make("01g", self._made)
        self._kept[locator] = cursor
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return _page(cursor, locator, 0, root)

    def more(self, locator: str, root: str) -> dict[str, Json]:
        """A further page, or 400 INVALID_QUERY_LOCATOR (verified code, text inferred)."""
        name, _, start = locator.partition("-")
        cursor = self._kept.get(name)
        if cursor is None or not start.isdigit() or int(start) >= len(cursor.results):
            raise CallError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return _page(cursor, name, int(start), root)


def _page(cursor: Cursor, locator: str, start: int, root: str) -> dict[str, Json]:
    end = start + cursor.size
    records = cursor.results[start:end]
    if end >= len(cursor.results):
        return {"totalSize": cursor.total, "done": True, "records": records}
    return {
        "totalSize": cursor.total,
        "done": False,
        "nextRecordsUrl": f"{root}/query/{locator}-{end}",
        "records": records,
    }


def page_size(options: str) -> int:
    """The page size that Sforce-Query-Options: batchSize=200..2000 asks for, 2,000 by default (verified)."""
    name, _, size = options.replace(" ", "").partition("=")
    if name.lower() != "batchsize" or not size.isdigit():
        return DEFAULT_SIZE
    return min(max(int(size), LEAST_SIZE), DEFAULT_SIZE)
