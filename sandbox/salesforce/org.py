"""One org: its objects and rows, its user, its clock, and what an admin has set up; all state of the sandbox."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from sandbox.salesforce import standard
from sandbox.salesforce.bulk.jobs import Jobs
from sandbox.salesforce.clock import Clock, wall_clock
from sandbox.salesforce.deploying.archive import Component
from sandbox.salesforce.deploying.deployments import Deployments
from sandbox.salesforce.errors import not_found
from sandbox.salesforce.faults import Faults
from sandbox.salesforce.ids import lengthen
from sandbox.salesforce.index import Index
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.limits import Allowance
from sandbox.salesforce.locks import Locks
from sandbox.salesforce.metadata import find_root, read_shapes
from sandbox.salesforce.oauth.approvals import Approvals
from sandbox.salesforce.oauth.clientapp import ClientApp
from sandbox.salesforce.pace import Pace
from sandbox.salesforce.permissions import Grants, profile_grants, read_sets, visible
from sandbox.salesforce.requestlog import RequestLog
from sandbox.salesforce.rights import Rights
from sandbox.salesforce.rules import Rules
from sandbox.salesforce.running import Running
from sandbox.salesforce.sessions import Sessions, Settings
from sandbox.salesforce.shape import Field, Shape
from sandbox.salesforce.soql.cursors import Cursors
from sandbox.salesforce.table import Journal, Row, Table
from sandbox.salesforce.validation.reader import Reader

ORGANIZATION_ID = lengthen("00D5g0000000001")


class Entity:
    """One object as the loader meets it: the table, the shape it may see, and what follows from both."""

    def __init__(self, table: Table, seen: Shape, org: "Org") -> None:
        self.table = table
        self.seen = seen
        self.reader = Reader(seen, org.tables, org.seen)
        fields = seen.fields.values()
        self.createable = frozenset(field.name for field in fields if field.createable)
        self.updateable = frozenset(field.name for field in fields if field.updateable)
        self.required = tuple(field.name for field in fields if field.required)
        self.not_null = frozenset(field.name for field in fields if not field.nillable and field.type != "boolean")
        self.unique: list[tuple[str, Index]] = list(table.unique.items())
        every = table.shape.fields.values()
        self.defaults: Row = {field.name: field.default for field in every if field.default is not None}
        if "OwnerId" in table.shape.fields:
            self.defaults["OwnerId"] = org.user_id
        self._numbered = [field for field in every if field.auto_number]
        self._named = table.shape.custom and not table.shape.fields["Name"].auto_number

    def derive(self, row: Row) -> None:
        """Fills what no one writes: auto-numbers, a person's full name; a custom row without a name gets its id."""
        for field in self._numbered:
            row.setdefault(field.name, _numbered(field.auto_number, self.table.made))
        if self._named and row.get("Name") is None:
            row["Name"] = row["Id"][:15]
        elif self.table.shape.name == "Contact":
            row["Name"] = " ".join(part for part in (row.get("FirstName"), row.get("LastName")) if part)


def _numbered(form: str, number: int) -> str:
    """A displayFormat such as INV-{000000} with its number."""
    start, end = form.find("{"), form.find("}")
    if start < 0 or end < start:
        return f"{form}{number}"
    return f"{form[:start]}{number:0{end - start - 1}d}{form[end + 1 :]}"


class Org:
    """A Salesforce org in memory; `app` puts it behind HTTP."""

    def __init__(
        self,
        shapes: Mapping[str, Shape],
        seen: Mapping[str, Shape],
        sets: Mapping[str, Grants] | None = None,
        profile: Grants | None = None,
        *,
        now: Callable[[], datetime] | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.clock = Clock(now or wall_clock)
        self.journal = Journal()
        self.tables = {name: Table(shape, self.journal) for name, shape in shapes.items()}
        self.granted = dict(seen)
        self.seen = dict(seen)
        self.changes: dict[tuple[str, str | None], dict[str, Json]] = {}
        self.user_id = self._make_user()
        self.rights = Rights(self.tables, self.user_id, sets, profile)
        self.view(seen)
        self.schema_changed_at = self.clock.now().replace(microsecond=0) - timedelta(days=1)
        self.sessions = Sessions(self.clock, self.settings)
        self.client_app = ClientApp(public_key_pem=self.settings.public_key_pem or "")
        self.approvals = Approvals(self.clock, self.sessions)
        self.allowance = Allowance(self.clock, self.settings.daily_api_requests)
        self.batches = Allowance(self.clock, self.settings.daily_bulk_batches)
        self.bulk_rows = Allowance(self.clock, self.settings.daily_bulk_rows)
        self.jobs = Jobs(self.clock)
        self.queries: dict[str, Any] = {}
        self.faults = Faults()
        self.rules = Rules()
        self.pace = Pace()
        self.locks = Locks(self.pace)
        self.running = Running(self.pace)
        self.requests = RequestLog(self.clock)
        self.cursors = Cursors()
        self.deployments = Deployments(self.clock, self.pace)
        self.deployed: dict[tuple[str, str], Component] = {}
        """The last of each component that was deployed, by type and name."""

    @classmethod
    def from_metadata(
        cls,
        path: Path | None,
        *,
        now: Callable[[], datetime] | None = None,
        field_level_security: bool = True,
        prefixes: Mapping[str, str] | None = None,
        **settings: Json,
    ) -> Self:
        """An empty org with the objects of a source-format project (None: as Salesforce delivers it, and the loader
        sees the standard objects); `settings` are those of `Settings`.

        The loader has all permission sets of the project, and sees what they grant, unless field_level_security is off.
        """
        if path is None:
            shapes = standard.standard_shapes()
            return cls(shapes, shapes, {}, profile_grants(shapes), now=now, settings=Settings(**settings))
        root = find_root(Path(path))
        shapes = read_shapes(root, prefixes)
        sets = read_sets(root) if field_level_security else None
        org = cls(shapes, shapes, sets, now=now, settings=Settings(**settings))
        org.regrant()
        return org

    def reshape(self, shapes: Mapping[str, Shape]) -> None:
        """Takes on objects as they are from now on; rows stay, and a new checkbox is not ticked in them."""
        for name, shape in shapes.items():
            before = self.tables.get(name)
            if before is None or before.shape != shape:
                self.tables[name] = table = Table(shape, self.journal)
                if before is not None:
                    ticks = {each.name: each.default for each in shape.fields.values() if each.type == "boolean"}
                    rows = [ticks | row for row in before.rows.values()]
                    self.refill(table, {"rows": rows, "deleted": before.deleted.values(), "made": before.made})

    def regrant(self) -> None:
        """Lets the loader see what its permission sets grant now."""
        shapes = {name: table.shape for name, table in self.tables.items()}
        self.granted = dict(visible(shapes, self.rights.granted()) if self.rights.counted else shapes)
        self.view(self.granted)

    def view(self, seen: Mapping[str, Shape]) -> None:
        """Lets the loader see these objects and fields."""
        self.seen = dict(seen)
        # a lookup is read by what the user may see of its parent
        self.entities = {name: Entity(self.tables[name], shape, self) for name, shape in self.seen.items()}
        self._spelling = {name.lower(): name for name in self.seen}
        self.described: dict[str, dict[str, Json]] = {}
        self.__dict__.pop("_children", None)

    def stamp_schema(self) -> None:
        """Moves describe's Last-Modified, which counts in seconds."""
        now = self.clock.now().replace(microsecond=0)
        self.schema_changed_at = max(now, self.schema_changed_at + timedelta(seconds=1))

    def entity(self, sobject: str) -> Entity:
        """An object by its name in any case, or 404 NOT_FOUND (verified text)."""
        found = self.entities.get(sobject) or self.entities.get(self._spelling.get(sobject.lower(), ""))
        if found is None:
            raise not_found()
        return found

    @cached_property
    def _children(self) -> dict[str, list[tuple[str, Field]]]:
        children: dict[str, list[tuple[str, Field]]] = {}
        for name, table in self.tables.items():
            for field in table.shape.fields.values():
                for parent in field.reference_to:
                    children.setdefault(parent, []).append((name, field))
        return children

    def children_of(self, sobject: str) -> list[tuple[str, Field]]:
        """The lookups that point at an object: (child object, its field)."""
        return self._children.get(sobject, [])

    def _make_user(self) -> str:
        users, stamp = self.tables["User"], self.clock.stamp()
        person = {"Username": self.settings.username, "LastName": "Loader", "Name": "Loader", "IsActive": True}
        dates = {"CreatedDate": stamp, "LastModifiedDate": stamp, "SystemModstamp": stamp}
        row = {"Id": users.next_id(), "Email": self.settings.username, "IsDeleted": False, **person, **dates}
        users.insert(row)
        return str(row["Id"])

    def dump(self) -> dict[str, Json]:
        """The whole state as JSON values: rows, deleted rows, counters, clock, usage, rules, approvals and jobs."""
        return {
            "tables": {
                name: {
                    "prefix": table.shape.prefix,
                    "made": table.made,
                    "rows": list(table.rows.values()),
                    "deleted": list(table.deleted.values()),
                }
                for name, table in self.tables.items()
            },
            "clock_shift_seconds": self.clock.shift.total_seconds(),
            "api_calls": self.allowance.dump(),
            "rules": self.rules.listed(),
            "approvals": self.approvals.dump(),
            "deployed": [[each.kind, each.name, each.tree.written()] for each in self.deployed.values()],
            "bulk": {"batches": self.batches.dump(), "rows": self.bulk_rows.dump(), "jobs": self.jobs.dump()},
        }

    @classmethod
    def load(cls, state: Mapping[str, Json], path: Path | None, **options: Json) -> Self:
        """The org that `dump` wrote, on the metadata at `path`; options as for from_metadata.

        Rows of an object that the metadata no longer has are a ValueError; fields that are gone stay unseen.
        """
        prefixes = {name: kept["prefix"] for name, kept in state["tables"].items() if name not in standard.NAMES}
        from sandbox.salesforce.deploying.applying import again

        org = cls.from_metadata(path, prefixes=prefixes, **options)
        again(org, state.get("deployed", ()), prefixes)
        for name, kept in state["tables"].items():
            table = org.tables.get(name)
            if table is None and (kept["rows"] or kept["deleted"]):
                raise ValueError(f"saved state: rows of {name}, but {path} has no such object")
            if table is not None:
                org.refill(table, kept)
        org.clock.shift = timedelta(seconds=state["clock_shift_seconds"])
        org.allowance.load(state["api_calls"])
        org.approvals.load(state.get("approvals", []))
        if "bulk" in state:
            org.batches.load(state["bulk"]["batches"])
            org.bulk_rows.load(state["bulk"]["rows"])
            org.jobs.load(state["bulk"]["jobs"])
        for rule in state["rules"]:
            org.rules.add(rule)
        org.regrant()
        return org

    @staticmethod
    def refill(table: Table, kept: Mapping[str, Json]) -> None:
        """Puts saved rows back into an empty table."""
        for row in kept["rows"]:
            if row["Id"] not in table.rows:
                table.insert(row)
        table.deleted = {row["Id"]: row for row in kept["deleted"]}
        table.made = kept["made"]
