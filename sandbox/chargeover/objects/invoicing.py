"""How invoices come to be: by hand with their lines, or from a package for one cycle."""

from decimal import Decimal

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.money import ZERO, rounded
from sandbox.chargeover.objects.invoice_fields import LINE_TYPES, LINE_WRITABLE
from sandbox.chargeover.objects.tierset import price
from sandbox.chargeover.reading import needed, typed, written
from sandbox.chargeover.settling import settle
from sandbox.chargeover.table import Row
from sandbox.chargeover.times import day_after

_TO_PACKAGE = ("currency_id", "terms_id", "brand_id", "class_id", "admin_id", "paycycle")
_CYCLE_DAYS = {"1wk": 7, "2wk": 14, "mon": 30, "2mn": 61, "qtr": 91, "six": 183, "yrl": 365}


def sums_of(lines: list[Row]) -> Row:
    """An invoice's totals from its lines; no taxes are computed here."""
    subtotal = sum((line["line_subtotal"] for line in lines), ZERO)
    taxes = sum((line.get("line_taxes", ZERO) for line in lines), ZERO)
    base = sum((line["line_subtotal"] for line in lines if line.get("is_recurring")), ZERO)
    usage = sum((line["line_subtotal"] for line in lines if line.get("is_usage")), ZERO)
    sums = {"subtotal": subtotal, "taxes": taxes, "total": subtotal + taxes}
    return sums | {"sum_base": base, "sum_usage": usage, "sum_onetime": subtotal - base - usage}


def hand_line(company: Company, body: Row) -> Row:
    """A one-time line of an invoice: item, rate and quantity."""
    needed(body, "item_id")
    item = company.row("item", typed(company, "item_id", "int", body["item_id"]))
    line = written(company, LINE_TYPES, LINE_WRITABLE, body)
    rate, quantity = line.get("line_rate"), line.get("line_quantity")
    if rate is None:
        rate = company.tables["tierset"].rows[item["tierset_id"]].get("base", ZERO)
    quantity = Decimal(1) if quantity is None else quantity
    subtotal = rounded(rate * quantity)
    line.setdefault("descrip", item.get("description"))
    line |= {"item_id": item["item_id"], "line_rate": rate, "line_quantity": quantity, "line_subtotal": subtotal}
    return line | {"line_total": subtotal, "is_free": not subtotal, "tierset_id": item["tierset_id"]}


def package_line(company: Company, line: Row) -> Row:
    """The line of an invoice that one line of a package makes for one cycle."""
    tierset = company.tables["tierset"].rows[line["tierset_id"]]
    quantity = line.get("line_quantity", Decimal(1))
    subtotal = rounded(price(tierset, quantity))
    return {
        "item_id": line["item_id"],
        "tierset_id": line["tierset_id"],
        "package_line_id": line["line_item_id"],
        "package_line_external_key": line.get("external_key"),
        "descrip": line.get("descrip"),
        "paycycle": tierset.get("paycycle"),
        "line_rate": tierset.get("base", ZERO),
        "line_quantity": quantity,
        "line_subtotal": subtotal,
        "line_total": subtotal,
        "is_base": True,
        "is_free": not subtotal,
        "is_recurring": True,
    }


def invoice_package(company: Company, package: Row) -> int:
    """Invoice a package for the cycle that begins today; the next one is due a cycle later."""
    package_id, today = package["package_id"], company.today()
    ends = day_after(today, _CYCLE_DAYS.get(package.get("paycycle", "mon"), 30))
    earlier = company.tables["invoice"].ids_with("package_id", package_id)
    row = {name: package[name] for name in package if name in _TO_PACKAGE or name.startswith(("bill_", "ship_"))}
    row |= {"package_id": package_id, "customer_id": package["customer_id"], "invoice_index": len(earlier)}
    row |= {"date": today, "cycle_this_date": today, "cycle_pre_from_date": today, "cycle_pre_to_date": ends}
    lines = [package_line(company, line) for line in company.lines["package"][package_id]]
    invoice_id = store_invoice(company, row, lines)
    if package_id in company.quote_of["package"] and not earlier:
        company.quote_of["invoice"][invoice_id] = company.quote_of["package"][package_id]
    # mod_datetime of the package stays: amount_invoiced and next_invoice_datetime change silently (inferred).
    company.change("package", package, {"next_invoice_datetime": company.times.start_of(ends) + 1})
    return invoice_id


def store_invoice(company: Company, row: Row, lines: list[Row]) -> int:
    """Store an invoice with its lines and restore the amounts around it."""
    now = company.clock.now()
    row.setdefault("date", company.today())
    row.setdefault("terms_id", 2)
    row.setdefault("due_date", due_date(company, row))
    row |= sums_of(lines) | {"write_datetime": now, "mod_datetime": now}
    if row["total"] < 0:
        raise Refusal.invalid("total", row["total"])
    invoice = company.add("invoice", row)
    invoice_id = int(invoice["invoice_id"])
    if invoice.get("refnumber") is None:
        invoice["refnumber"] = str(invoice_id)
    company.lines["invoice"][invoice_id] = [company.add_line("invoice", invoice_id, line) for line in lines]
    settle(company, [invoice_id], invoice["customer_id"])
    company.announce("invoice", "insert", invoice)
    return invoice_id


def due_date(company: Company, invoice: Row) -> str:
    """An invoice's date plus the days of its terms."""
    return day_after(invoice["date"], company.shown("terms", invoice.get("terms_id"), "days") or 0)
