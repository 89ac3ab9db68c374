"""What can be done to a package, and which of it moves mod_datetime.

Recorded in 2015: PUT and upgrade move it; cancel, hold, paymethod and paycycle do not. Of uncancel, suspend and
unsuspend nothing is recorded: here they do not either, the harder case for whoever follows mod_datetime.
"""

from decimal import Decimal
from typing import Any

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.objects.invoicing import invoice_package
from sandbox.chargeover.objects.package_fields import LINE_TYPES, LINE_WRITABLE, METHOD, TYPES, WRITABLE
from sandbox.chargeover.objects.tierset import PAYCYCLES, new_tierset
from sandbox.chargeover.reading import listed, needed, typed, unique_external_key, written
from sandbox.chargeover.settling import settle_package
from sandbox.chargeover.table import Row

_ID_OF_METHOD = {"crd": "creditcard_id", "ach": "ach_id", "tok": "tokenized_id", "inv": None}


def create(company: Company, body: Row) -> int:
    """A new subscription of a customer (customer_id or customer_external_key) with its lines."""
    customer = _customer_of(company, body)
    row = written(company, TYPES, WRITABLE | METHOD | {"holduntil_datetime"}, body)
    unique_external_key(company, "package", row.get("external_key"))
    row |= _method(company, customer["customer_id"], row)
    lines = [line_of(company, each) for each in listed(body, "line_items")]
    row["paycycle"] = _cycle(body.get("paycycle") or _cycle_of(company, lines))
    now = company.clock.now()
    modified = None if company.settings.new_package_unmodified else now
    row |= {"customer_id": customer["customer_id"], "write_datetime": now, "mod_datetime": modified}
    row |= {"package_status_str": "active-current", "package_status_state": "a"}
    for name in ("terms_id", "currency_id", "brand_id"):
        row.setdefault(name, customer.get(name, 1))
    row.setdefault("start_datetime", now)
    row["next_invoice_datetime"] = _next_invoice(company, row.get("holduntil_datetime") or now)
    package = company.add("package", row)
    package_id = package["package_id"]
    company.lines["package"][package_id] = [company.add_line("package", package_id, line) for line in lines]
    settle_package(company, package_id)
    company.announce("package", "insert", package)
    return int(package_id)


def _customer_of(company: Company, body: Row) -> Row:
    if body.get("customer_external_key"):
        found = company.tables["customer"].rows_with("external_key", body["customer_external_key"])
        if not found:
            raise Refusal.invalid("customer_external_key", body["customer_external_key"])
        return found[0]
    needed(body, "customer_id")
    return company.row("customer", typed(company, "customer_id", "int", body["customer_id"]))


def line_of(company: Company, body: Row) -> Row:
    item = _item_of(company, body)
    line = written(company, LINE_TYPES, LINE_WRITABLE, body)
    line.setdefault("line_quantity", Decimal(1))
    line.setdefault("descrip", item.get("description"))
    price = body.get("tierset")
    line |= {"item_id": item["item_id"], "subscribe_datetime": company.clock.now()}
    line["tierset_id"] = new_tierset(company, price) if isinstance(price, dict) else item["tierset_id"]
    return line


def _item_of(company: Company, body: Row) -> Row:
    if body.get("item_external_key"):
        found = company.tables["item"].rows_with("external_key", body["item_external_key"])
        if not found:
            raise Refusal.invalid("item_external_key", body["item_external_key"])
        return found[0]
    needed(body, "item_id")
    return company.row("item", typed(company, "item_id", "int", body["item_id"]))


def _cycle_of(company: Company, lines: list[Row]) -> str:
    return next((company.shown("tierset", line["tierset_id"], "paycycle") for line in lines), "mon")


def _cycle(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    if value not in PAYCYCLES:
        raise Refusal.invalid("paycycle", value)
    return str(value)


def _method(company: Company, customer_id: int, row: Row) -> Row:
    method = row.get("paymethod") or "inv"
    if method not in _ID_OF_METHOD:
        raise Refusal.invalid("paymethod", method)
    key = _ID_OF_METHOD[method]
    chosen: Row = {"paymethod": method, "creditcard_id": None, "ach_id": None, "tokenized_id": None}
    if key is None:
        return chosen
    if row.get(key) is None:
        raise Refusal.missing(key)
    if company.row(key.removesuffix("_id"), row[key])["customer_id"] != customer_id:
        raise Refusal.invalid(key, row[key])
    return {**chosen, key: row[key]}


def _next_invoice(company: Company, after: int) -> int:
    """One second into the next day, as recorded (hold until 2015-04-15 made it 2015-04-16 00:00:01)."""
    return company.times.start_of(company.times.day(after), plus_days=1) + 1


def update(company: Company, package: Row, body: Row) -> None:
    """Change a package's own fields; lines are changed by upgrade."""
    row = written(company, TYPES, WRITABLE - {"currency_id"}, body)
    unique_external_key(company, "package", row.get("external_key"), package["package_id"])
    company.edit("package", package, row)
    company.announce("package", "update", package)


def upgrade(company: Company, package: Row, body: Row) -> object:
    """Replace lines (given line_item_id) or add lines: each gets a new id and the old one is gone [recorded 2015]."""
    _live(package)
    needed(body, "line_items")
    lines = company.lines["package"][package["package_id"]]
    places = {line["line_item_id"]: place for place, line in enumerate(lines)}
    fresh = []
    for each in listed(body, "line_items"):
        place = None if each.get("line_item_id") is None else places.get(each["line_item_id"])
        if place is None and each.get("line_item_id") is not None:
            raise Refusal.invalid("line_item_id", each["line_item_id"])
        old = {} if place is None else {"item_id": lines[place]["item_id"]}
        fresh.append((place, line_of(company, old | each)))
    for place, line in fresh:
        company.add_line("package", package["package_id"], line)
        if place is None:
            lines.append(line)
        else:
            lines[place] = line
    company.edit("package", package, {})
    company.announce("package", "update", package)
    return True


def _live(package: Row) -> None:
    if package["package_status_state"] != "a":
        raise Refusal.invalid("package_status_str", package["package_status_str"])


def _set_status(company: Company, package: Row, status: str, **others: object) -> object:
    company.change("package", package, {"package_status_str": status, "package_status_state": status[0], **others})
    company.announce("package", "status", package)
    return True


def cancel(company: Company, package: Row, body: Row) -> object:  # noqa: ARG001 -- comments, cancel_reason_id: not shown
    """End a package: next_invoice_datetime becomes "", lines and amounts stay [recorded 2015, cancel_package]."""
    if package["package_status_state"] == "c":
        raise Refusal.invalid("package_status_str", package["package_status_str"])
    now = company.clock.now()
    return _set_status(company, package, "canceled-manual", cancel_datetime=now, next_invoice_datetime="")


def uncancel(company: Company, package: Row, body: Row) -> object:  # noqa: ARG001 -- takes no parameters
    """Bring a cancelled package back."""
    if package["package_status_state"] != "c":
        raise Refusal.invalid("package_status_str", package["package_status_str"])
    return _set_status(company, package, "active-current", cancel_datetime=None, next_invoice_datetime=_soon(company))


def suspend(company: Company, package: Row, body: Row) -> object:
    """Stop invoicing for a while (optional suspendfrom_datetime and suspendto_datetime)."""
    _live(package)
    now = company.clock.now()
    start = typed(company, "suspendfrom_datetime", "datetime", body.get("suspendfrom_datetime")) or now
    end = typed(company, "suspendto_datetime", "datetime", body.get("suspendto_datetime"))
    return _set_status(
        company,
        package,
        "suspended-suspended",
        suspendfrom_datetime=start,
        suspendto_datetime=end,
        next_invoice_datetime="",
    )


def unsuspend(company: Company, package: Row, body: Row) -> object:  # noqa: ARG001 -- takes no parameters
    """Take a suspended package up again."""
    if package["package_status_state"] != "s":
        raise Refusal.invalid("package_status_str", package["package_status_str"])
    fresh = {"suspendfrom_datetime": None, "suspendto_datetime": None, "next_invoice_datetime": _soon(company)}
    return _set_status(company, package, "active-current", **fresh)


def _soon(company: Company) -> int:
    return _next_invoice(company, company.clock.now())


def hold(company: Company, package: Row, body: Row) -> object:
    """Hold invoicing until holduntil_datetime; mod_datetime stays [recorded 2015, update_package_invoice_date]."""
    _live(package)
    needed(body, "holduntil_datetime")
    until = typed(company, "holduntil_datetime", "datetime", body["holduntil_datetime"])
    fresh = {"holduntil_datetime": until, "next_invoice_datetime": _next_invoice(company, until)}
    company.change("package", package, fresh)
    return True


def paymethod(company: Company, package: Row, body: Row) -> object:
    """Change how a package is paid; mod_datetime stays [recorded 2015, update_package_payment_method]."""
    needed(body, "paymethod")
    row = written(company, TYPES, METHOD, body)
    company.change("package", package, _method(company, package["customer_id"], row))
    company.announce("package", "paymethod", package)
    return True


def paycycle(company: Company, package: Row, body: Row) -> object:
    """Change how often a package is invoiced; mod_datetime stays [recorded 2015, update_package_payment_cycle]."""
    needed(body, "paycycle")
    company.change("package", package, {"paycycle": _cycle(body["paycycle"])})
    company.announce("package", "paycycle", package)
    return True


def invoice(company: Company, package: Row, body: Row) -> object:  # noqa: ARG001 -- takes no parameters
    """Invoice a package now; answers the invoice's id (what ChargeOver answers is unknown)."""
    _live(package)
    return invoice_package(company, package)
