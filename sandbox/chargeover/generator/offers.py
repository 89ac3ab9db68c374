"""Quotes of a made-up company: sent, and won (they become a package), lost or left open."""

from sandbox.chargeover.company import Company
from sandbox.chargeover.generator.products import line_for
from sandbox.chargeover.generator.subscriptions import begin
from sandbox.chargeover.generator.timeline import Timeline
from sandbox.chargeover.objects import quote
from sandbox.chargeover.table import Row


def offer(company: Company, timeline: Timeline, customer: Row) -> None:
    """A customer is offered something."""
    random = company.random
    lines = [line_for(company, customer["currency_id"], 1) for _ in range(random.choice((1, 1, 2, 3)))]
    body = {"customer_id": customer["customer_id"], "line_items": lines, "nickname": "Offer №"}
    made = company.tables["quote"].rows[quote.create(company, body)]
    timeline.later(random.random() * 5, _send, made)


def _send(company: Company, timeline: Timeline, made: Row) -> None:
    quote.update(company, made, {"quote_status_str": "open-sent"})
    answer = company.random.choices((_win, _lose, None), (40, 25, 35))[0]
    if answer is not None:
        timeline.later(company.random.random() * 30, answer, made)


def _lose(company: Company, _: Timeline, made: Row) -> None:
    quote.update(company, made, {"quote_status_str": "closed-lost"})


def _win(company: Company, timeline: Timeline, made: Row) -> None:
    quote.update(company, made, {"quote_status_str": "closed-won"})
    lines = []
    for line in company.lines["quote"][made["quote_id"]]:
        price = company.tables["tierset"].rows[line["tierset_id"]]
        kept = {name: price[name] for name in ("base", "setup", "pricemodel", "paycycle", "tiers", "currency_id")}
        lines.append({"item_id": line["item_id"], "line_quantity": line.get("line_quantity"), "tierset": kept})
    package = begin(company, timeline, {"customer_id": made["customer_id"], "line_items": lines})
    company.quote_of["package"][package["package_id"]] = made["quote_id"]
