"""The flat address fields of customers, invoices, packages and quotes, and the printable blocks made of them."""

from collections.abc import Mapping

from sandbox.chargeover.company import Company
from sandbox.chargeover.kind import Derive
from sandbox.chargeover.table import Row

_PARTS = ("addr1", "addr2", "addr3", "city", "state", "postcode", "country", "notes")
WRITABLE = frozenset(f"{side}_{part}" for side in ("bill", "ship") for part in _PARTS)
FIELDS = "text: bill_block ship_block " + " ".join(sorted(WRITABLE))


def _block(row: Row, side: str) -> str:
    addr1 = row.get(f"{side}_addr1")
    city, state = row.get(f"{side}_city"), row.get(f"{side}_state")
    if not addr1 and not city and not state:
        return ""
    place = ", ".join(part for part in (city, state) if part)
    lines = [addr1, row.get(f"{side}_addr2"), row.get(f"{side}_addr3")]
    lines += [" ".join(part for part in (place, row.get(f"{side}_postcode")) if part), row.get(f"{side}_country")]
    return "\r\n".join(line for line in lines if line)


def _bill(company: Company, row: Row) -> str:  # noqa: ARG001
    return _block(row, "bill")


def _ship(company: Company, row: Row) -> str:  # noqa: ARG001
    return _block(row, "ship")


BLOCKS: Mapping[str, Derive] = {"bill_block": _bill, "ship_block": _ship}
