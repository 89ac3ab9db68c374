"""What happens to subscriptions and invoices."""

from datetime import timedelta

from choosing import Draw
from life import Life, Row

cycles = ("mon", "yrl", "qtr", "1wk")


def _line(life: Life, draw: Draw) -> Row | None:
    item = life.pick(draw, "item")
    return {"item_id": item["item_id"], "line_quantity": draw.number(1, 5)} if item else None


def _is(state: str):
    return lambda row: row["package_status_state"] == state


def subscribe(life: Life, draw: Draw) -> None:
    customer = life.pick(draw, "customer")
    lines = [line for _ in range(draw.number(1, 3)) if (line := _line(life, draw))]
    if customer and lines:
        life.create("package", customer_id=customer["customer_id"], line_items=lines)


def edit_a_subscription(life: Life, draw: Draw) -> None:
    life.edit("package", life.pick(draw, "package"), nickname=f"Plan {draw.number(1, 99)}")


def upgrade(life: Life, draw: Draw) -> None:
    package = life.pick(draw, "package", _is("a"))
    old = life.company.lines["package"].get(package["package_id"]) if package else None
    if old and draw.chance(0.8):
        line: Row | None = {"line_item_id": old[0]["line_item_id"], "line_quantity": draw.number(1, 9)}
    else:
        line = _line(life, draw)
    if line:
        life.act("package", package, "upgrade", line_items=[line])


def hold(life: Life, draw: Draw) -> None:
    until = life.company.clock.moment() + timedelta(days=draw.number(1, 40))
    life.act("package", life.pick(draw, "package", _is("a")), "hold", holduntil_datetime=f"{until:%Y-%m-%d}")


def suspend(life: Life, draw: Draw) -> None:
    life.act("package", life.pick(draw, "package", _is("a")), "suspend")


def take_up_again(life: Life, draw: Draw) -> None:
    life.act("package", life.pick(draw, "package", _is("s")), "unsuspend")


def change_a_pay_cycle(life: Life, draw: Draw) -> None:
    life.act("package", life.pick(draw, "package"), "paycycle", paycycle=draw.among(cycles))


def change_a_pay_method(life: Life, draw: Draw) -> None:
    card = life.pick(draw, "creditcard")
    owner = card["customer_id"] if card else None
    package = life.pick(draw, "package", lambda row: row["customer_id"] == owner)
    if card and package and draw.chance(0.8):
        life.act("package", package, "paymethod", paymethod="crd", creditcard_id=card["creditcard_id"])
    else:
        life.act("package", life.pick(draw, "package"), "paymethod", paymethod="inv")


def cancel(life: Life, draw: Draw) -> None:
    life.act("package", life.pick(draw, "package", lambda row: row["package_status_state"] != "c"), "cancel")


def uncancel(life: Life, draw: Draw) -> None:
    life.act("package", life.pick(draw, "package", _is("c")), "uncancel")


def invoice_a_subscription(life: Life, draw: Draw) -> None:
    life.act("package", life.pick(draw, "package", _is("a")), "invoice")


def _rates(life: Life, draw: Draw) -> list[Row]:
    item = life.pick(draw, "item")
    return [{"item_id": item["item_id"], "line_rate": draw.number(1, 90), "line_quantity": draw.number(1, 3)}
            for _ in range(draw.number(1, 3)) if item]  # fmt: skip


def invoice(life: Life, draw: Draw) -> None:
    customer, lines = life.pick(draw, "customer"), _rates(life, draw)
    if customer and lines:
        life.create("invoice", customer_id=customer["customer_id"], line_items=lines)


def edit_an_invoice(life: Life, draw: Draw) -> None:
    life.edit("invoice", life.pick(draw, "invoice"), memo=f"Memo {draw.number(1, 99)}")


def edit_the_lines_of_an_invoice(life: Life, draw: Draw) -> None:
    lines = _rates(life, draw)
    if lines:
        life.edit("invoice", life.pick(draw, "invoice", lambda row: not row["applied"]), line_items=lines)


def void_an_invoice(life: Life, draw: Draw) -> None:
    life.act("invoice", life.pick(draw, "invoice"), "void")


def void_an_open_invoice(life: Life, draw: Draw) -> None:
    life.act("invoice", life.pick(draw, "invoice", lambda row: row["invoice_status_state"] == "o"), "void")


def delete_an_invoice(life: Life, draw: Draw) -> None:
    life.delete("invoice", life.pick(draw, "invoice"))
