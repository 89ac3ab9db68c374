"""What happens to customers, contacts, items, quotes and payment methods."""

from choosing import Draw
from life import Life, Row

names = ("Ann Lee", "Bo Li", "Zoë Núñez", "Per Å", "Mia Wu")


def sign_up(life: Life, draw: Draw) -> None:
    fields: Row = {"company": f"Customer {draw.number(1, 99)}"}
    if draw.chance(0.6):
        fields |= {"superuser_name": draw.among(names), "superuser_phone": f"555 {draw.number(1, 99)}"}
    parent = life.pick(draw, "customer") if draw.chance(0.3) else None
    if parent:
        fields["parent_customer_id"] = parent["customer_id"]
    life.create("customer", **fields)


def edit_a_customer(life: Life, draw: Draw) -> None:
    field = draw.among(("company", "bill_city", "tax_ident", "external_key"))
    life.edit("customer", life.pick(draw, "customer"), **{field: f"{field} {draw.number(1, 99)}"})


def edit_a_main_contact_through_its_customer(life: Life, draw: Draw) -> None:
    life.edit("customer", life.pick(draw, "customer"), superuser_phone=f"555 {draw.number(1, 99)}")


def move_below_another_customer(life: Life, draw: Draw) -> None:
    """Never below a later one: a circle would never land anew."""
    customer = life.pick(draw, "customer")
    parent = life.pick(draw, "customer", lambda row: row["customer_id"] < customer["customer_id"]) if customer else None
    life.edit("customer", customer, parent_customer_id=parent["customer_id"] if parent else None)


def delete_a_customer(life: Life, draw: Draw) -> None:
    life.delete("customer", life.pick(draw, "customer"))


def add_a_contact(life: Life, draw: Draw) -> None:
    customer = life.pick(draw, "customer")
    owner = {"customer_id": customer["customer_id"]} if customer else {}
    life.create("user", name=draw.among(names), **owner)


def edit_a_contact(life: Life, draw: Draw) -> None:
    field = draw.among(("phone", "title", "last_name"))
    life.edit("user", life.pick(draw, "user"), **{field: f"{field} {draw.number(1, 99)}"})


def edit_a_main_contact(life: Life, draw: Draw) -> None:
    main = {row.get("superuser_id") for row in life.rows("customer").values()}
    life.edit("user", life.pick(draw, "user", lambda row: row["user_id"] in main), name=draw.among(names))


def move_a_contact(life: Life, draw: Draw) -> None:
    customer = life.pick(draw, "customer")
    if customer:
        life.edit("user", life.pick(draw, "user"), customer_id=customer["customer_id"])


def delete_a_contact(life: Life, draw: Draw) -> None:
    life.delete("user", life.pick(draw, "user"))


def add_an_item(life: Life, draw: Draw) -> None:
    life.create("item", name=f"Item {draw.number(1, 99)}", pricemodel={"base": draw.number(1, 40), "paycycle": "mon"})


def edit_an_item(life: Life, draw: Draw) -> None:
    change = draw.among(({"description": f"About {draw.number(1, 99)}"}, {"enabled": False}, {"enabled": True}))
    life.edit("item", life.pick(draw, "item"), **change)


def rename_an_item(life: Life, draw: Draw) -> None:
    life.edit(
        "item", life.pick(draw, "item"), name=f"Item {draw.number(1, 99)}", accounting_sku=f"S{draw.number(1, 9)}"
    )


def add_a_quote(life: Life, draw: Draw) -> None:
    customer, item = life.pick(draw, "customer"), life.pick(draw, "item")
    if customer and item:
        line = {"item_id": item["item_id"], "line_quantity": draw.number(1, 9)}
        life.create("quote", customer_id=customer["customer_id"], line_items=[line])


def edit_a_quote(life: Life, draw: Draw) -> None:
    life.edit("quote", life.pick(draw, "quote"), nickname=f"Offer {draw.number(1, 99)}")


def edit_the_lines_of_a_quote(life: Life, draw: Draw) -> None:
    item = life.pick(draw, "item")
    if item:
        line = {"item_id": item["item_id"], "line_quantity": draw.number(1, 9)}
        life.edit("quote", life.pick(draw, "quote"), line_items=[line])


def close_a_quote(life: Life, draw: Draw) -> None:
    life.edit(
        "quote", life.pick(draw, "quote"), quote_status_str=draw.among(("open-sent", "closed-won", "closed-lost"))
    )


def delete_a_quote(life: Life, draw: Draw) -> None:
    """The sandbox has no DELETE of quotes, but they go with their customer: here one goes alone."""
    quote = life.pick(draw, "quote")
    if quote:
        life.script.append(f"company.tables['quote'].remove(quote {quote['quote_id']})")
        life.company.lines["quote"].pop(quote["quote_id"])
        life.company.tables["quote"].remove(quote)


def add_a_card(life: Life, draw: Draw) -> None:
    customer = life.pick(draw, "customer")
    number = "4000000000000002" if draw.chance(0.2) else "4111111111111111"
    if customer:
        life.create("creditcard", customer_id=customer["customer_id"], number=number, expdate_year="2031",
                    expdate_month=str(draw.number(1, 12)))  # fmt: skip


def delete_a_card(life: Life, draw: Draw) -> None:
    life.delete("creditcard", life.pick(draw, "creditcard"))


def add_a_bank_account(life: Life, draw: Draw) -> None:
    customer = life.pick(draw, "customer")
    if customer:
        life.create("ach", customer_id=customer["customer_id"], number=f"{draw.number(1000, 9999)}", name="Own")


def delete_a_bank_account(life: Life, draw: Draw) -> None:
    life.delete("ach", life.pick(draw, "ach"))
