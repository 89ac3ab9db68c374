"""The permission sets of an org and who has them, kept as rows like Salesforce does."""

from collections.abc import Mapping

from sandbox.salesforce.permissions import Grants, together
from sandbox.salesforce.table import Table


class Rights:
    """What the loader may see: its profile, and the permission sets that it has."""

    def __init__(
        self, tables: Mapping[str, Table], user_id: str, sets: Mapping[str, Grants] | None, profile: Grants | None
    ) -> None:
        self._tables, self._user_id = tables, user_id
        self.counted = sets is not None
        """Whether rights count at all."""
        self._profile = profile or Grants()
        self._sets: dict[str, Grants] = {}
        for name, grants in (sets or {}).items():
            self.keep(name, grants)
            self._give(name)

    def keep(self, name: str, grants: Grants) -> None:
        """Makes a permission set, or puts another one in its place: whether a deployment replaces or adds is not
        documented, the stricter reading is that it replaces."""
        if name not in self._sets:
            table = self._tables["PermissionSet"]
            table.insert({"Id": table.next_id(), "Name": name, "Label": name, "IsDeleted": False})
        self._sets[name] = grants

    def of(self, name: str) -> Grants | None:
        """What a permission set grants, None when there is none of this name."""
        return self._sets.get(name)

    def granted(self) -> Grants:
        """What the loader may do."""
        given = self._tables["PermissionSetAssignment"].rows.values()
        ids = {row["PermissionSetId"] for row in given if row["AssigneeId"] == self._user_id}
        names = {row["Name"] for row in self._tables["PermissionSet"].rows.values() if row["Id"] in ids}
        return together([self._profile, *(grants for name, grants in self._sets.items() if name in names)])

    def _give(self, name: str) -> None:
        table, sets = self._tables["PermissionSetAssignment"], self._tables["PermissionSet"].rows.values()
        set_id = next(row["Id"] for row in sets if row["Name"] == name)
        row = {"Id": table.next_id(), "PermissionSetId": set_id, "AssigneeId": self._user_id, "IsDeleted": False}
        table.insert(row)
