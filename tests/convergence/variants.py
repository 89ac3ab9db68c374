"""ChargeOver accounts that differ, drawn by chance: what they filter by, how they write times, how long pages are."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sandbox.chargeover.settings import Settings

_extra = ("user.mod_datetime", "item.mod_datetime", "quote.write_datetime", "creditcard.write_datetime",
          "creditcard.creditcard_id", "ach.ach_id", "ach.write_datetime")  # fmt: skip
_refused = ("customer.mod_datetime", "invoice.mod_datetime", "package.mod_datetime", "package.cancel_datetime",
            "invoice.invoice_status_state", "package.package_status_state", "transaction.transaction_datetime",
            "invoice.write_datetime", "customer.customer_id", "transaction.transaction_id")  # fmt: skip
_expands = ("package.line_items", "invoice.line_items", "transaction.applied_to", "quote.line_items")


@dataclass(frozen=True)
class Variant:
    """One account, and how it is read."""

    settings: Settings
    page_limit: int
    """The longest page that we ask for."""
    latency_seconds: float
    ahead_seconds: float
    """How far ChargeOver's clock is ahead of ours."""
    is_known: bool
    """Whether all that its records cannot show yet is taken as documented, and not asked for again each day."""

    def __str__(self) -> str:
        plain, own = Settings(), self.settings
        names = ("datetimes", "mod_datetime", "new_package_unmodified", "odd_types", "extra_filters",
                 "refused_filters", "expands", "page_limit", "over_limit", "zone_aware_filters")  # fmt: skip
        switched = [f"{name}={getattr(own, name)!r}" for name in names if getattr(own, name) != getattr(plain, name)]
        asked = [
            f"asked page_limit={self.page_limit}",
            f"latency={self.latency_seconds}",
            f"ahead={self.ahead_seconds}",
            *(("asked each day what it supports",) if not self.is_known else ()),
        ]
        return ", ".join(switched + asked)


plain = Variant(Settings(), page_limit=500, latency_seconds=0.05, ahead_seconds=0, is_known=True)
"""An account as the documentation has it, quick, its clock right."""


def variant(chance: Random) -> Variant:
    """Half of the accounts are as the documentation has them."""
    settings = Settings()
    if chance.random() < 0.5:
        settings = Settings(
            datetimes=chance.choice(("offset", "zoneless")),
            zone_aware_filters=chance.random() < 0.3,
            mod_datetime=chance.choice(("strict", "kind")),
            new_package_unmodified=chance.random() < 0.3,
            odd_types=chance.random() < 0.7,
            extra_filters=_some(chance, _extra, 0.3),
            refused_filters=_some(chance, _refused, 0.12),
            expands=_some(chance, _expands, 0.75),
            page_limit=chance.choice((500, 500, 10, 12)),
        )
    return Variant(
        settings,
        page_limit=chance.choice((500, 500, 500, 2, 3, 5)),
        latency_seconds=chance.choice((0.05, 0.05, 0.05, 0.4, 0.4, 1.5)),
        ahead_seconds=chance.choice((*[0] * 8, 0.8, -1.5, 40, -300)),  # to tell a skew takes many calls
        is_known=chance.random() < 0.75,
    )


def _some(chance: Random, names: Sequence[str], share: float) -> tuple[str, ...]:
    return tuple(name for name in names if chance.random() < share)
