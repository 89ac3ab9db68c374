"""How a sandbox account is configured: the switches for everything that differs between real accounts or is unknown."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

ModDatetime = Literal["strict", "kind"]
OverLimit = Literal["clamp", "refuse"]
Aggregate = Literal["list", "text", "cut", "refuse"]

_CHICAGO = ZoneInfo("America/Chicago")


@dataclass(frozen=True, slots=True)
class Settings:
    """One account; the defaults are the stricter reading wherever ChargeOver's documentation is silent.

    ``datetimes``: "offset" writes ``2026-03-10T01:01:49-05:00`` (seen live in 2026), "zoneless" the form recorded in
    2015, a strftime format without zone any other, as the format "is configurable" [docs: datetimes].
    ``zone_aware_filters``: whether filters of an account that writes no offset heed one; unknown, see times.
    ``mod_datetime``: "strict" moves it only where recordings of 2015 show it moving, "kind" with every change.
    ``new_package_unmodified``: a new package has no mod_datetime until it is edited, as in a webhook sample of 2014
    [PHP SDK, example_on_new_package]; the recordings of 2015 show the time of its creation.
    ``odd_types``: ``is_taxed`` as "0", nested ids as text.

    ``extra_filters``, ``refused_filters``: ``object.field`` that can be filtered beyond the documented lists, and
    documented ones that cannot (the latter win). Whether for instance ``user.mod_datetime``, ``item.mod_datetime``,
    ``transaction.void_datetime``, ``quote.write_datetime`` and ``creditcard.creditcard_id`` can is unknown: by default
    none does. ``expands``: the nodes of ``expand`` that work; those of invoice and package are documented, that of
    transaction stands in a third party's README, ``quote.line_items`` is unknown and off.
    ``page_limit``: the largest page, 500 in the OpenAPI description; ``over_limit``: what a larger ``limit`` does is
    unknown, "clamp" is the default because a client that takes a short page for the last one loses rows by it.

    ``aggregate``: what ``POST /_aggregate`` answers, of which only the request is published [PHP SDK, Aggregate.php]:
    "list" has one object per group, "text" the same with numbers as text, "cut" its first ten as lists do without a
    ``limit``, "refuse" 400; all of these are unknown.

    ``appears_after_seconds``: while it is set, a new row is in no list, count, sum or answer by id until so many
    seconds have passed by the sandbox's clock, although it bears the time of its creation (inferred: a server that
    commits late). It can be written and referred to at once, its webhook goes out at once, and what it does to other
    rows shows at once: a late payment has its invoice paid before the payment appears. /_admin/ shows every row.

    ``webhook_contexts``: the objects whose events are sent; those of all others are unknown and never come by default.
    ``webhook_loses``, ``webhook_doubles``: the shares (0 to 1) of deliveries that are never made and not tried again
    (a receiver must live with them, as with those it was down for), and that are made twice [docs: order-of-events,
    by retry]. ``webhook_disorder_seconds``: each delivery waits a random real time up to this ["order is not
    guaranteed", the same page]. ``webhook_tries``, ``webhook_pause_seconds``: unknown, see webhooks.
    """

    public_key: str = "sandbox-public-key"
    private_key: str = "sandbox-private-key"
    host: str = "sandbox.chargeover.example"
    zone: ZoneInfo = _CHICAGO
    datetimes: str = "offset"
    zone_aware_filters: bool = False
    mod_datetime: ModDatetime = "strict"
    new_package_unmodified: bool = False
    odd_types: bool = True
    extra_filters: tuple[str, ...] = ()
    refused_filters: tuple[str, ...] = ()
    expands: tuple[str, ...] = ("package.line_items", "invoice.line_items", "transaction.applied_to")
    page_limit: int = 500
    over_limit: OverLimit = "clamp"
    aggregate: Aggregate = "list"
    appears_after_seconds: float = 0
    webhook_secret: str = "sandbox-webhook-secret"  # noqa: S105 -- as above
    webhook_url: str | None = None
    webhook_contexts: tuple[str, ...] = ("customer", "user", "package", "invoice", "transaction")
    webhook_tries: int = 3
    webhook_pause_seconds: float = 1.0
    webhook_loses: float = 0
    webhook_doubles: float = 0
    webhook_disorder_seconds: float = 0
