"""The switches of a running account as JSON and back, and the check that settings make sense."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.settings import Settings

_FIXED = frozenset({"public_key", "private_key", "host", "webhook_secret"})
SWITCHES = tuple(each.name for each in fields(Settings) if each.name not in _FIXED)


def switched(settings: Settings, asked: Mapping[str, Any]) -> Settings:
    """Settings with the switches that a JSON object names set anew; ValueError says which of them cannot be."""
    unknown = set(asked) - set(SWITCHES)
    if unknown:
        raise ValueError(f"no switch is called {', '.join(sorted(unknown))}; there are {', '.join(SWITCHES)}")
    return checked(replace(settings, **{name: _read(name, value) for name, value in asked.items()}))


def shown(settings: Settings) -> dict[str, object]:
    """All switches as JSON values."""
    values = {name: getattr(settings, name) for name in SWITCHES}
    return {name: _plain(value) for name, value in values.items()}


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    if name == "zone":
        return ZoneInfo(value)
    return tuple(value) if isinstance(value, list) else value


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, ZoneInfo) else value


def checked(settings: Settings) -> Settings:
    """The same settings; ValueError with switch, value and what it may be when one of them makes no sense."""
    for name, (fits, allowed) in _RULES.items():
        value = getattr(settings, name)
        if not fits(value):
            raise ValueError(f"{name}: {value!r} is not {allowed}")
    return settings


def _is_format(value: object) -> bool:
    if not isinstance(value, str):
        return False
    return value in {"offset", "zoneless"} or ("%" in value and "%z" not in value and "%Z" not in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _are(fits: Callable[[str, str], bool]) -> Callable[[object], bool]:
    """A test of tuples: whether ``fits`` holds for object and field of each ``object.field`` in it."""

    def all_fit(value: object) -> bool:
        if not isinstance(value, tuple) or not all(isinstance(each, str) for each in value):
            return False
        return all(fits(*each.partition(".")[::2]) for each in value)

    return all_fit


def _is_column(kind: str, field: str) -> bool:
    return kind in KINDS and KINDS[kind].types.get(field, "json") != "json"


def _is_filter(kind: str, field: str) -> bool:
    return kind in KINDS and (field in KINDS[kind].filters or field in KINDS[kind].relations)


def _is_node(kind: str, node: str) -> bool:
    return kind in KINDS and KINDS[kind].node == f"{kind}.{node}"


_Rule = tuple[Callable[[Any], bool], str]
_SECONDS: _Rule = (lambda value: _is_number(value) and value >= 0, "a number from 0")
_SHARE: _Rule = (lambda value: _is_number(value) and 0 <= value <= 1, "a share from 0 to 1")
_RULES: Mapping[str, _Rule] = {
    "datetimes": (_is_format, "offset, zoneless or a strftime format without zone"),
    "zone_aware_filters": (lambda value: isinstance(value, bool), "true or false"),
    "mod_datetime": (lambda value: value in {"strict", "kind"}, "strict or kind"),
    "over_limit": (lambda value: value in {"clamp", "refuse"}, "clamp or refuse"),
    "aggregate": (lambda value: value in {"list", "text", "cut", "refuse"}, "list, text, cut or refuse"),
    "odd_types": (lambda value: isinstance(value, bool), "true or false"),
    "new_package_unmodified": (lambda value: isinstance(value, bool), "true or false"),
    "extra_filters": (_are(_is_column), "a list of object.field that all exist"),
    "refused_filters": (_are(_is_filter), "a list of object.field that all are documented as filters"),
    "expands": (_are(_is_node), "a list of object.node that all exist"),
    "appears_after_seconds": _SECONDS,
    "page_limit": (_is_count, "a number from 1"),
    "webhook_url": (lambda value: value is None or str(value).startswith(("http://", "https://")), "null or a URL"),
    "webhook_contexts": (_are(lambda kind, rest: kind in KINDS and not rest), "a list of objects that all exist"),
    "webhook_loses": _SHARE,
    "webhook_doubles": _SHARE,
    "webhook_disorder_seconds": _SECONDS,
    "webhook_tries": (_is_count, "a number from 1"),
    "webhook_pause_seconds": _SECONDS,
}
