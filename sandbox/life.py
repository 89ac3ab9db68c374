"""What happens in a billing company between two syncs, done through ChargeOver's own API."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import requests

_rejected_email = "accounts(at)brightside.example"
_blocked_name = "Blocked Trading Ltd"


class Life:
    """A company at work: it sells, is paid, voids, cancels and mistypes."""

    def __init__(self, chargeover: str, salesforce: str) -> None:
        self._api, self._salesforce = f"{chargeover}/api/v3", salesforce
        self.waiting_invoice = 0
        self._blocked = 0
        self._contact = 0

    def goes_on(self) -> list[str]:
        """Seven changes of every kind, each as a sentence."""
        open_invoices = self._list("invoice", "invoice_status_state:EQUALS:o")
        running = self._list("package", "package_status_state:EQUALS:a")
        return [
            self._sells(),
            self._is_paid(open_invoices[0]),
            self._voids(open_invoices[1]),
            self._cancels(running[0]),
            self._mistypes(),
            *self._is_refused(),
        ]

    def deeds(self, chance: Random) -> Iterator[Callable[[], str]]:
        """What can happen on an ordinary day, each a deed that tells itself; IndexError when there is nobody left."""

        def one(name: str, where: str = "") -> dict[str, Any]:
            return chance.choice(self._list(name, where))

        yield self._sells
        yield lambda: self._is_paid(one("invoice", "invoice_status_state:EQUALS:o"))
        yield lambda: self._is_billed(one("customer"), chance.randint(10, 900))
        yield lambda: self._moves(one("customer"), chance.randint(1, 99))
        yield lambda: self._is_renamed(one("customer"), chance.randint(2, 99))
        yield lambda: self._hires(one("customer"), chance.randint(1, 9999))
        yield lambda: self._voids(one("invoice", "invoice_status_state:EQUALS:o"))
        yield lambda: self._cancels(one("package", "package_status_state:EQUALS:a"))

    def is_put_right(self) -> None:
        """The mistyped address is corrected and the refused customer renamed, in ChargeOver."""
        self._call("PUT", f"user/{self._contact}", {"email": "accounts@brightside.example"})
        self._call("PUT", f"customer/{self._blocked}", {"company": "Unblocked Trading Ltd"})

    def write_calls(self) -> int:
        """How many requests that can write Salesforce has had so far."""
        counts = requests.get(f"{self._salesforce}/_admin/requests", timeout=30).json()["counts"]
        return sum(count for kind, count in counts.items() if not kind.startswith("GET") and "token" not in kind)

    def _sells(self) -> str:
        customer = self._create("customer", company="Brightside Café 🌞", superuser_email="hello@brightside.example",
                                superuser_first_name="Zoë", superuser_last_name="Núñez")  # fmt: skip
        package = self._create("package", customer_id=customer, paycycle="mon", line_items=[{"item_id": 1}])
        invoice = self._invoice(customer, 49.5, package_id=package)
        return f"a new customer {customer} with subscription {package} and invoice {invoice}"

    def _is_paid(self, invoice: dict[str, Any]) -> str:
        payment = self._create("transaction", customer_id=invoice["customer_id"], transaction_type="pay",
                               gateway_status=1, gateway_method="check", amount=invoice["balance"],
                               applied_to=[{"invoice_id": invoice["invoice_id"]}])  # fmt: skip
        return f"invoice {invoice['invoice_id']} is paid by transaction {payment}"

    def _is_billed(self, customer: dict[str, Any], amount: int) -> str:
        return f"customer {customer['customer_id']} gets invoice {self._invoice(customer['customer_id'], amount)}"

    def _moves(self, customer: dict[str, Any], house: int) -> str:
        self._call("PUT", f"customer/{customer['customer_id']}", {"bill_addr1": f"{house} Main Street"})
        return f"customer {customer['customer_id']} moves to {house} Main Street"

    def _is_renamed(self, customer: dict[str, Any], branch: int) -> str:
        company = f"{str(customer['company']).partition(' - ')[0]} - Branch {branch}"
        self._call("PUT", f"customer/{customer['customer_id']}", {"company": company})
        return f"customer {customer['customer_id']} is now called {company}"

    def _hires(self, customer: dict[str, Any], number: int) -> str:
        contact = self._create("user", customer_id=customer["customer_id"], first_name="Ana", last_name=f"Nr. {number}",
                               email=f"ana.{number}@brightside.example")  # fmt: skip
        return f"customer {customer['customer_id']} has a new contact {contact}"

    def _voids(self, invoice: dict[str, Any]) -> str:
        self._call("POST", f"invoice/{invoice['invoice_id']}?action=void")
        return f"invoice {invoice['invoice_id']} is voided"

    def _cancels(self, package: dict[str, Any]) -> str:
        self._call("POST", f"package/{package['package_id']}?action=cancel")
        return f"subscription {package['package_id']} is cancelled (its mod_datetime does not move)"

    def _mistypes(self) -> str:
        customer = self._list("customer")[0]["customer_id"]
        self._contact = self._create(
            "user", customer_id=customer, first_name="Max", last_name="Typo", email=_rejected_email
        )
        return f"contact {self._contact} gets the e-mail address {_rejected_email}"

    def _is_refused(self) -> list[str]:
        rule = {"kind": "validation", "sobject": "Account", "field": "Name", "value": _blocked_name,
                "message": "This account name is on the block list."}  # fmt: skip
        requests.post(f"{self._salesforce}/_admin/rules", json=[rule], timeout=30).raise_for_status()
        self._blocked = self._create("customer", company=_blocked_name)
        self.waiting_invoice = self._invoice(self._blocked, 120)
        return [
            f"customer {self._blocked} has a name that a validation rule of the org refuses",
            f"and it has invoice {self.waiting_invoice}, which must not become an orphan",
        ]

    def _invoice(self, customer: int, amount: float, **more: int) -> int:
        line = {"item_id": 1, "line_rate": amount, "line_quantity": 1, "descrip": "Service"}
        return self._create("invoice", customer_id=customer, line_items=[line], **more)

    def _create(self, name: str, **fields: object) -> int:
        return int(self._call("POST", name, fields)["id"])

    def _list(self, name: str, where: str = "") -> list[dict[str, Any]]:
        return list(self._call("GET", f"{name}?limit=20&where={where}"))

    def _call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - what JSON holds
        keys = ("sandbox-public-key", "sandbox-private-key")
        answer = requests.request(method, f"{self._api}/{path}", json=body, auth=keys, timeout=30)
        answer.raise_for_status()
        return answer.json()["response"]
