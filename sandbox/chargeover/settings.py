"""How a sandbox account is configured: the switches for everything that differs between real accounts or is unknown."""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

DatetimeStyle = Literal["offset", "zoneless"]
ModDatetime = Literal["strict", "kind"]
OverLimit = Literal["clamp", "refuse"]

_CHICAGO = ZoneInfo("America/Chicago")


@dataclass(frozen=True, slots=True)
class Settings:
    """One account; the defaults are the stricter reading wherever ChargeOver's documentation is silent.

    ``datetimes``: "offset" writes ``2026-03-10T01:01:49-05:00`` (seen live in 2026), "zoneless" the form recorded in
    2015. ``mod_datetime``: "strict" moves it only where recordings of 2015 show it moving, "kind" with every change.
    ``over_limit``: what a ``limit`` above 500 does. ``odd_types``: ``is_taxed`` as "0", nested ids as text.
    """

    public_key: str = "sandbox-public-key"
    private_key: str = "sandbox-private-key"
    host: str = "sandbox.chargeover.example"
    zone: ZoneInfo = _CHICAGO
    datetimes: DatetimeStyle = "offset"
    mod_datetime: ModDatetime = "strict"
    over_limit: OverLimit = "clamp"
    odd_types: bool = True
    webhook_secret: str = "sandbox-webhook-secret"  # noqa: S105 -- as above
    webhook_url: str | None = None
    webhook_tries: int = 3
    webhook_pause_seconds: float = 1.0
