"""Customers of a made-up company: who they are, their contacts, cards and accounts, and what they may do later."""

from sandbox.chargeover.company import Company
from sandbox.chargeover.generator import names
from sandbox.chargeover.generator.offers import offer
from sandbox.chargeover.generator.subscriptions import subscribe
from sandbox.chargeover.generator.timeline import Timeline
from sandbox.chargeover.objects import customer, user
from sandbox.chargeover.objects.payment_methods import ACH, CREDITCARD
from sandbox.chargeover.table import Row

_CURRENCIES, _CURRENCY_WEIGHTS = (1, 2, 3, 4, 5), (70, 12, 8, 4, 6)
_CARD_NUMBERS = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "4000000000000002")
_CARD_WEIGHTS = (50, 25, 10, 10, 5)


def sign_up(company: Company, timeline: Timeline, _: object) -> None:
    """A customer joins, with contacts and a way to pay; most subscribe, some ask for a quote, some are edited later."""
    random = company.random
    made = company.tables["customer"].rows[customer.create(company, _described(company))]
    for _number in range(random.choices((0, 1, 2, 4), (62, 25, 10, 3))[0]):
        user.create(company, _contact(company, made))
    if random.random() < 0.43:
        _pays_by(company, made)
    for _number in range(random.choices((0, 1, 2), (15, 75, 10))[0]):
        timeline.later(random.random() * 2, subscribe, made)
    if random.random() < 0.15:
        timeline.later(random.random() * 20, offer, made)
    if random.random() < 0.1:
        timeline.later(random.random() * 90, _edit, made)


def _described(company: Company) -> Row:
    random = company.random
    number = company.tables["customer"].next_id
    city, state, postcode, country = random.choice(names.PLACES)
    body: Row = {
        "company": names.firm(random, number),
        "currency_id": random.choices(_CURRENCIES, _CURRENCY_WEIGHTS)[0],
        "terms_id": random.choice((1, 2, 2, 3)),
        "bill_addr1": names.street(random),
        "bill_city": city,
        "bill_state": state,
        "bill_postcode": postcode,
        "bill_country": country,
    }
    if random.random() < 0.9:
        first, last = names.person(random)
        body |= {
            "superuser_first_name": first,
            "superuser_last_name": last,
            "superuser_email": f"c{number}@mail.example",
        }
    if random.random() < 0.3:
        body |= {"external_key": f"ACC-{number:06d}", "custom_1": random.choice(("gold", "silver", "")), "admin_id": 1}
    if random.random() < 0.2:
        body |= {"bill_addr2": f"Suite {random.randrange(900)}", "ship_addr1": names.street(random), "ship_city": city}
    if random.random() < 0.05 and number > 3:
        body["parent_customer_id"] = random.randrange(1, number)
    return body


def _contact(company: Company, made: Row) -> Row:
    first, last = names.person(company.random)
    number = company.tables["user"].next_id
    phone = f"555-01{company.random.randrange(100):02d}"
    body = {"first_name": first, "last_name": last, "email": f"u{number}@mail.example", "phone": phone}
    return body | {"customer_id": made["customer_id"]}


def _pays_by(company: Company, made: Row) -> None:
    random, owner = company.random, {"customer_id": made["customer_id"]}
    if random.random() < 0.8:
        year = int(company.today()[:4])
        card = {"number": random.choices(_CARD_NUMBERS, _CARD_WEIGHTS)[0], "name": made["company"][:40]}
        expiry = {"expdate_year": year + random.randrange(1, 5), "expdate_month": random.randrange(1, 13)}
        assert CREDITCARD.create is not None
        CREDITCARD.create(company, owner | card | expiry)
    else:
        account = {"number": "9900001234", "routing": "072403004", "type": random.choice(("chec", "busi", "savi"))}
        assert ACH.create is not None
        ACH.create(company, owner | account | {"bank": "Bank of Nowhere", "name": made["company"][:40]})


def _edit(company: Company, _: Timeline, made: Row) -> None:
    changes = ({"bill_addr1": names.street(company.random)}, {"custom_2": "renewed"}, {"superuser_phone": "555-0199"})
    customer.update(company, made, company.random.choice(changes))
