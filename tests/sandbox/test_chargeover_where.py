"""The filter language, rule by rule."""

import pytest


@pytest.fixture
def three(account):
    """Three customers: a plain one, one with a comma, a colon and a backslash in its name, one with an external key."""
    return [
        account.customer(company="Papertrail", bill_state="MN"),
        account.customer(company="Fox, Ox: \\Sons", bill_state="VT"),
        account.customer(company="Paper", external_key="ACC-1"),
    ]


def found(account, where, path="customer"):
    key = f"{path}_id"
    return [row[key] for row in account.get(path, where=where)]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("company:EQUALS:Paper", [2]),
        ("company:NOTEQUALS:Paper", [0, 1]),
        ("company:CONTAINS:aper", [0, 2]),
        ("customer_id:GT:1", [1, 2]),
        ("customer_id:GTE:2", [1, 2]),
        ("customer_id:LT:2", [0]),
        ("customer_id:LTE:2", [0, 1]),
        ("external_key:IS:NULL", [0, 1]),
        ("external_key:ISNOT:NULL", [2]),
        ("customer_id:GT:0,company:CONTAINS:Paper,bill_state:EQUALS:MN", [0]),
        ("bill_state:NOTEQUALS:MN", [1]),
        ("company:EQUALS:nothing", []),
    ],
)
def test_operators(account, three, where, expected):
    assert found(account, where) == [three[place] for place in expected]


def test_commas_colons_and_backslashes_in_a_value_are_escaped(account, three):
    assert found(account, r"company:EQUALS:Fox\, Ox\: \\Sons") == [three[1]]


def test_a_value_is_cut_at_its_first_unescaped_colon_without_complaint(account, three):
    assert found(account, "company:EQUALS:Paper:trail") == [three[2]]


def test_an_unescaped_datetime_silently_becomes_a_whole_hour(account):
    early = account.customer()
    account.pass_time(seconds=20 * 60)
    late = account.customer()
    assert found(account, "mod_datetime:GTE:2026-03-10T13:10:00-05:00") == [early, late]
    assert found(account, r"mod_datetime:GTE:2026-03-10T13\:10\:00-05\:00") == [late]


def test_datetimes_are_compared_as_instants_whatever_their_offset(account):
    customer = account.customer()
    for text in (r"2026-03-10T18\:00\:00+00\:00", r"2026-03-10 13\:00\:00", r"2026-03-10T18\:00\:00Z"):
        assert found(account, f"mod_datetime:EQUALS:{text}") == [customer]
        assert found(account, f"mod_datetime:GT:{text}") == []
    assert found(account, "mod_datetime:GTE:2026-03-10") == [customer]
    assert found(account, "mod_datetime:LT:2026-03-10") == []


def test_a_plus_sign_that_was_not_encoded_does_not_pass_as_an_offset(account):
    url = f"{account.url}/api/v3/customer?where=mod_datetime:GTE:2026-03-10T18\\:00\\:00+00\\:00"
    answer = account.session.get(url, auth=("sandbox-public-key", "sandbox-private-key"), timeout=10)
    assert answer.json()["message"] == "Malformed WHERE clause."


@pytest.mark.parametrize(
    "where", ["company", "company:EQUALS", "company:LIKE:x", ":EQUALS:x", "company:IS:x", "customer_id:GT:1,", "a,b"]
)
def test_malformed_clauses_are_refused(account, where):
    assert account.refused(400, "GET", "customer", where=where) == "Malformed WHERE clause."


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("customer", "balance"),
        ("user", "mod_datetime"),
        ("item", "mod_datetime"),
        ("transaction", "mod_datetime"),
        ("transaction", "void_datetime"),
        ("quote", "write_datetime"),
        ("invoice", "due_date"),
        ("package", "line_items.nickname"),
        ("currency", "iso4217"),
    ],
)
def test_only_documented_fields_filter(account, path, field):
    assert account.refused(400, "GET", path, where=f"{field}:EQUALS:1") == f"You cannot filter by: {field}."


def test_numbers_are_cast_loosely(account, three):
    assert found(account, f"customer_id:EQUALS:{three[1]}limit=100?offset=0") == [three[1]]
    assert found(account, "customer_id:EQUALS:abc") == []
    assert found(account, "customer_id:GT:1.5") == three[1:]
    invoice = account.invoice(three[0], "42.50")
    assert found(account, "total:EQUALS:42.5", "invoice") == [invoice]
    assert found(account, "total:GT:42.49,total:LT:42.51", "invoice") == [invoice]


def test_dotted_fields_filter_on_related_rows(account):
    customer = account.customer(superuser_email="ada@mail.example", superuser_first_name="Ada")
    first, second = account.item(), account.item()
    package, other = account.package(customer, first), account.package(customer, second)
    invoice = account.act(f"package/{package}/_action/invoice")
    payment = account.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    loose = account.pay(customer, 5)
    assert found(account, f"line_items.item_id:EQUALS:{first}", "package") == [package]
    assert found(account, f"line_items.item_id:EQUALS:{first}", "invoice") == [invoice]
    assert found(account, "customer.superuser_email:EQUALS:ada@mail.example", "package") == [package, other]
    assert found(account, f"applied_to.invoice_id:EQUALS:{invoice}", "transaction") == [payment]
    assert found(account, f"applied_to.package_id:EQUALS:{package}", "transaction") == [payment]
    assert found(account, f"transaction.transaction_id:EQUALS:{payment}", "invoice") == [invoice]
    assert found(account, "transaction_status.str:EQUALS:ok-successful", "transaction") == [payment, loose]
    assert len(account.get("user", where=f"customers.customer_id:EQUALS:{customer}")) == 1


def test_lists_asked_before_a_change_are_right_after_it(account):
    customer, other = account.customer(), account.customer()
    invoice, kept = account.invoice(customer, "10"), account.invoice(other, "10")
    asked = (
        ("invoice_status_state:EQUALS:o", "invoice", [invoice, kept], [kept]),
        ("mod_datetime:GTE:2026-03-11", "customer", [], [other]),
        ("external_key:EQUALS:new", "customer", [], [other]),
        (f"customer_id:EQUALS:{customer}", "transaction", [], [65]),
        ("transaction_datetime:GTE:2026-03-11", "transaction", [], [65]),
    )
    for where, path, before, _ in asked:
        assert found(account, where, path) == before
    account.pass_time(days=2)
    account.pay(customer, 10, applied_to=[{"invoice_id": invoice}])
    account.update(f"customer/{other}", external_key="new")
    for where, path, _, after in asked:
        assert found(account, where, path) == after
    account.delete(f"customer/{other}")
    for where, path, _, after in asked:
        assert found(account, where, path) == [each for each in after if each == 65]


def test_statuses_that_time_brings_can_be_filtered(account):
    customer = account.customer(terms_id=3)
    invoice = account.invoice(customer)
    account.pass_time(days=2)
    assert found(account, "invoice_status_str:EQUALS:open-overdue", "invoice") == [invoice]
    assert found(account, "invoice_status_str:EQUALS:open-unpaid", "invoice") == []
    assert found(account, "invoice_status_state:EQUALS:o", "invoice") == [invoice]
    assert found(account, "customer_status_str:EQUALS:active-overdue") == [customer]
