"""What does not concern one object: the versions, the resource list, limits and record counts."""

from typing import Final

from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.errors import CallError, not_found
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org

FIRST_VERSION: Final = 31  # versions up to 30 are retired: 410 (verified)
LAST_VERSION: Final = 68  # Winter '27 (verified)
SEASONS: Final = ("Spring", "Summer", "Winter")
STORAGE_MB: Final = 10 * 1024
RESOURCES: Final = ("composite", "jobs", "limits", "query", "queryAll", "sobjects")


def versions() -> list[dict[str, str]]:
    """GET /services/data: [{label, url, version}], no login needed (verified); 66.0 is Spring '26."""
    return [
        {"label": _label(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(FIRST_VERSION, LAST_VERSION + 1)
    ]


def _label(number: int) -> str:
    """Three releases a year; the winter release carries the next year's number."""
    years, season = divmod(number - 66, 3)
    return f"{SEASONS[season]} '{(26 + years + (season == 2)) % 100:02d}"


def version_of(text: str) -> float:
    """The number of a path part such as v67.0; retired ones are 410, unknown ones 404."""
    try:
        version = float(text.removeprefix("v"))
    except ValueError:
        raise not_found() from None
    if version < FIRST_VERSION:
        raise CallError(410, "UNSUPPORTED_API_VERSION", f"API version {text.removeprefix('v')} is no longer supported")
    if not text.startswith("v") or version > LAST_VERSION or not version.is_integer():
        raise not_found()
    return version


def index(_: Org, call: Call) -> Answer:
    """GET /services/data/vXX.X: the resources by name."""
    return Answer(200, {name: f"{call.root}/{name}" for name in RESOURCES})


def limits(org: Org, _: Call) -> Answer:
    """GET /limits: {Name: {Max, Remaining}} (verified shape and names); query and file figures are constant here."""
    rows = sum(len(table.rows) for table in org.tables.values())
    return Answer(
        200,
        {
            "DailyApiRequests": org.allowance.figures(),
            "DailyBulkApiBatches": org.batches.figures(),
            "DailyBulkV2QueryFileStorageMB": {"Max": 976562, "Remaining": 976562},
            "DailyBulkV2QueryJobs": {"Max": 10000, "Remaining": 10000},
            "DataStorageMB": {"Max": STORAGE_MB, "Remaining": max(0, STORAGE_MB - rows * 2 // 1024)},
            "FileStorageMB": {"Max": STORAGE_MB, "Remaining": STORAGE_MB},
        },
    )


def record_counts(org: Org, call: Call) -> Answer:
    """GET /limits/recordCount?sObjects=A,B: {sObjects: [{count, name}]}; empty objects are left out (verified)."""
    asked = [name for name in call.query.get("sObjects", "").split(",") if name]
    names = asked or sorted(org.entities)
    counts: list[dict[str, Json]] = []
    for name in names:
        entity = org.entities.get(name)
        if entity is not None and entity.table.rows:
            counts.append({"count": len(entity.table.rows), "name": name})
    return Answer(200, {"sObjects": counts})
