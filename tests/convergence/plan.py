"""What a seed asks for: a company as it was when the history begins, and what then happens, step by step."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from types import ModuleType

import deeds_of_billing
import deeds_of_money
import deeds_of_people
from choosing import Draw
from life import Life
from variants import Variant, variant

Deed = Callable[[Life, Draw], None]
Steps = tuple[tuple[int, str], ...]
"""A step is a number, which its choices hang on, and the name of what is to be done."""

seeds_per_base = 10
"""So many seeds in a row go on from the same company, since to found one takes as long as to play a history."""

families: dict[str, Collection[str]] = {
    "all": (),
    "people": ("customers", "contacts", "credit_cards", "bank_accounts"),
    "offers": ("customers", "contacts", "products", "quotes", "quote_lines"),
    "plans": ("customers", "credit_cards", "bank_accounts", "products", "subscriptions", "subscription_lines"),
    "bills": ("customers", "contacts", "credit_cards", "bank_accounts", "products", "subscriptions",
              "subscription_lines", "invoices", "invoice_lines"),
    "money": ("customers", "credit_cards", "bank_accounts", "subscriptions", "invoices", "transactions",
              "applied_payments"),
}  # fmt: skip
"""Mappings that can stand without the others, since their lookups name each other only."""

_about = {"people": ("customer", "contact", "card", "bank", "sign_up", "pay", "invoice"),
          "offers": ("customer", "contact", "item", "quote", "sign_up")}  # fmt: skip
"""Words of the deeds that are worth doing where little is mapped."""


def _deeds(module: ModuleType) -> dict[str, Deed]:
    return {name: deed for name, deed in vars(module).items()
            if callable(deed) and deed.__module__ == module.__name__ and not name.startswith("_")}  # fmt: skip


deeds = _deeds(deeds_of_people) | _deeds(deeds_of_billing) | _deeds(deeds_of_money)
_founding = ("sign_up", "add_a_contact", "add_a_quote", "add_a_card", "add_a_bank_account", "subscribe", "invoice",
             "invoice_a_subscription", "pay_a_part", "pay", "pay_in_advance", "cancel")  # fmt: skip
_silent = ("delete_a_customer", "void_an_invoice", "delete_an_invoice", "move_a_contact", "delete_a_contact",
           "edit_the_lines_of_a_quote", "change_a_pay_cycle", "change_a_pay_method", "uncancel")  # fmt: skip
"""Deeds of which only a sweep may tell."""

_starts = (
    datetime(2026, 5, 12, 15, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 20, tzinfo=UTC),  # 40 minutes before the clocks go forward in Chicago
    datetime(2026, 3, 6, 20, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # half an hour before the hour that comes twice
    datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    datetime(2026, 10, 30, 20, tzinfo=UTC),
    datetime(2026, 12, 30, 18, tzinfo=UTC),
)


@dataclass(frozen=True)
class Base:
    """A company before a history, and the account that it is."""

    number: int
    family: str
    start: datetime
    variant: Variant
    founding: Steps
    items: int


@dataclass(frozen=True)
class Plan:
    """A history to be played."""

    seed: int
    base: Base
    is_synced: bool
    """Whether all was synced when it begins."""
    steps: Steps
    without: frozenset[str] = frozenset()
    """Complications left out: "late" records, "interludes" between calls, "ways" to sync but the plain one."""

    def keep(self, steps: Steps) -> "Plan":
        """The same with these steps only."""
        return replace(self, steps=steps)


def base_of(seed: int) -> Base:
    """The company that a seed's history begins with."""
    number = seed // seeds_per_base
    chance = Random(f"base {number}")
    founding = ("sign_up", *(chance.choice(_founding) for _ in range(chance.choice((0, 4, 8, 12)))))
    family = chance.choice(("all", "all", "all", "people", "offers", "plans", "bills", "money", "money", "money"))
    items = chance.choice((1, 2, 3, 14))
    return Base(number, family, chance.choice(_starts), variant(chance), tuple(enumerate(founding)), items)


def plan(seed: int) -> Plan:
    """The history of a seed."""
    chance, base = Random(f"plan {seed}"), base_of(seed)
    known = sorted(deeds if chance.random() < 0.4 else deeds.keys() - set(_silent))
    known = [name for name in known if any(word in name for word in _about.get(base.family, ("",)))]
    favourites = chance.sample(known, chance.randint(3, len(known)))
    steps = []
    for _ in range(chance.randint(8, 16)):
        steps.append(chance.choice(favourites if chance.random() < 0.8 else known))
        steps += [name for name, share in (("wait", 0.35), ("sync", 0.12), ("webhooks", 0.1), ("hint", 0.03))
                  if chance.random() < share]  # fmt: skip
    return Plan(seed, base, chance.random() < 0.95, tuple(enumerate(steps)))
