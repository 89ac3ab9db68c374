"""Moved: how the world differs from what it was when a plan was made; no customer's value is quoted."""

from collections.abc import Iterator, Sequence

from pipelines.errors import EditFile
from pipelines.mapping.shelf import Shelf
from pipelines.sync.planning.planned import MappingPlan, Plan, Row

_most_named = 10


def hold_to(plan: Plan, now: Sequence[MappingPlan], path: str) -> None:
    """Raise EditFile, which names what has moved, unless the rows would become now what the plan says."""
    _refuse(path, list(_of_rows(plan, now)))


def check_mappings(plan: Plan, shelf: Shelf, path: str) -> None:
    """Raise EditFile unless the mappings are as they were, before anything is read."""
    _refuse(path, list(_of_mappings(plan, shelf)))


def check_account(plan: Plan, chargeover: str, org: str, path: str) -> None:
    """Raise EditFile unless the plan is of these two accounts."""
    for what, planned, found in (("ChargeOver", plan.chargeover, chargeover), ("org", plan.org, org)):
        if planned != found:
            raise EditFile(f"{path}: the plan is of {what} {planned}, and this is {found}; plan again here")


def _refuse(path: str, moved: list[str]) -> None:
    if not moved:
        return
    more = f"; and {len(moved) - _most_named:,} more" if len(moved) > _most_named else ""
    raise EditFile(f"{path}: the world has moved since the plan was made, so nothing of it was sent: "
                   f"{'; '.join(moved[:_most_named])}{more}. Plan again: co2sf plan --out")  # fmt: skip


def _of_mappings(plan: Plan, shelf: Shelf) -> Iterator[str]:
    good = {each.name: each for each in shelf.mappings}
    for planned in (each for each in plan.mappings if each.rows):
        found = good.get(planned.name)
        if found is None:
            yield f"mapping {planned.name} is broken or gone"
        elif (found.fingerprint, found.to) != (planned.fingerprint, planned.sobject):
            yield f"mapping {planned.name} was edited"


def _of_rows(plan: Plan, mappings: Sequence[MappingPlan]) -> Iterator[str]:
    yield from (f"mapping {each.name} does not fit the org any more" for each in mappings if each.stopped)
    before, now = (
        {row.key: row for row in rows} for rows in (plan.rows, (row for each in mappings for row in each.rows))
    )
    for key in [*before, *(key for key in now if key not in before)]:
        if text := _difference(before.get(key), now.get(key)):
            yield f"{(before.get(key) or now[key]).name}: {text}"


def _difference(before: Row | None, now: Row | None) -> str:
    """What is another row now than planned; empty for the same."""
    if before is None or now is None:
        return "is not in the plan and would change too" if before is None else "would not change any more"
    if before.fingerprint != now.fingerprint:
        return "its record has changed in ChargeOver"
    if before.verdict != now.verdict:
        return f"would be {now.verdict} now, and was to be {before.verdict}"
    if (before.code, before.field) != (now.code, now.field):
        return "does not land for another reason now"
    differing = {each.field for each in {*before.changes} ^ {*now.changes}}
    return f"Salesforce holds something else in {', '.join(sorted(differing))}" if differing else ""
