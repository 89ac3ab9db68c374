"""Subscriptions of a made-up company: they begin, are invoiced each cycle, change, and sometimes end."""

from sandbox.chargeover.company import Company
from sandbox.chargeover.generator.paying import settle_up
from sandbox.chargeover.generator.products import line_for
from sandbox.chargeover.generator.timeline import Timeline
from sandbox.chargeover.objects import package_actions as packages
from sandbox.chargeover.table import Row

_CYCLES = {"mon": (1, 30), "qtr": (3, 91), "yrl": (12, 365)}


def subscribe(company: Company, timeline: Timeline, customer: Row) -> None:
    """A customer takes a package, which is invoiced at once and then every cycle."""
    random = company.random
    cycle = random.choices(list(_CYCLES), (35, 25, 40))[0]
    currency = customer["currency_id"]
    lines = [line_for(company, currency, _CYCLES[cycle][0]) for _ in range(random.choices((1, 2, 4), (68, 27, 5))[0])]
    body: Row = {"customer_id": customer["customer_id"], "paycycle": cycle, "line_items": lines}
    body |= {"nickname": random.choice(("", "", "Head office", "Büro 2")), "terms_id": customer["terms_id"]}
    method = customer.get("default_paymethod")
    if method is not None:
        key = "creditcard_id" if method == "crd" else "ach_id"
        body |= {"paymethod": method, key: customer[f"default_{key}"]}
    if random.random() < 0.1:
        body |= {"external_key": f"SUB-{company.tables['package'].next_id}", "custom_1": "migrated"}
    begin(company, timeline, body)


def begin(company: Company, timeline: Timeline, body: Row) -> Row:
    """Create a package and plan its life."""
    random = company.random
    package = company.tables["package"].rows[packages.create(company, body)]
    timeline.later(0.01, _invoice, package)
    for chance, happening in ((0.12, _cancel), (0.08, _upgrade), (0.03, _suspend), (0.04, _hold)):
        if random.random() < chance:
            timeline.later(5 + random.random() * 150, happening, package)
    return package


def _invoice(company: Company, timeline: Timeline, package: Row) -> None:
    if package["package_status_state"] != "a":
        return
    invoice_id = packages.invoice(company, package, {})
    settle_up(company, timeline, company.tables["invoice"].rows[invoice_id])  # type: ignore[index]
    timeline.later(_CYCLES.get(package["paycycle"], (1, 30))[1], _invoice, package)


def _cancel(company: Company, timeline: Timeline, package: Row) -> None:
    if package["package_status_state"] != "c":
        packages.cancel(company, package, {})
        if company.random.random() < 0.1:
            timeline.later(3, _uncancel, package)


def _uncancel(company: Company, _: Timeline, package: Row) -> None:
    if package["package_status_state"] == "c":
        packages.uncancel(company, package, {})


def _upgrade(company: Company, _: Timeline, package: Row) -> None:
    if package["package_status_state"] != "a":
        return
    line = company.random.choice(company.lines["package"][package["package_id"]])
    fresh = line_for(company, package["currency_id"], _CYCLES.get(package["paycycle"], (1, 30))[0])
    replaced = {"line_item_id": line["line_item_id"]} if company.random.random() < 0.7 else {}
    packages.upgrade(company, package, {"line_items": [fresh | replaced]})


def _suspend(company: Company, timeline: Timeline, package: Row) -> None:
    if package["package_status_state"] == "a":
        packages.suspend(company, package, {})
        timeline.later(14, _unsuspend, package)


def _unsuspend(company: Company, _: Timeline, package: Row) -> None:
    if package["package_status_state"] == "s" and company.random.random() < 0.6:
        packages.unsuspend(company, package, {})


def _hold(company: Company, _: Timeline, package: Row) -> None:
    if package["package_status_state"] == "a":
        until = company.times.text(company.clock.now() + 20 * 86400)
        packages.hold(company, package, {"holduntil_datetime": until})
