"""An admin's own rules: validation rules that refuse rows, and duplicate rules that point at the row already there."""

from dataclasses import asdict, dataclass

from sandbox.salesforce.errors import Refusal
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.table import Row, Table


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """Refuses rows of `sobject` whose `field` equals `value`, with the admin's text (verified: message = that text)."""

    sobject: str
    field: str
    value: Json
    message: str = "This value is not allowed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    """Detects a row of `sobject` with the same `field`; action `alert` can be overruled by a header, `block` cannot."""

    sobject: str
    field: str
    action: str = "alert"
    name: str = ""
    message: str = "Use one of these records?"


class Rules:
    """The rules of an org by object."""

    def __init__(self) -> None:
        self.validation: dict[str, list[ValidationRule]] = {}
        self.duplicates: dict[str, list[DuplicateRule]] = {}

    def add(self, given: dict[str, Json]) -> ValidationRule | DuplicateRule:
        """Adds a rule from its JSON: kind `validation` or `duplicate`, and its own keys; bad ones are ValueError."""
        facts = {key: value for key, value in given.items() if key != "kind"}
        try:
            if given.get("kind", "validation") == "duplicate":
                duplicate = DuplicateRule(**facts)
                self.duplicates.setdefault(duplicate.sobject, []).append(duplicate)
                return duplicate
            rule = ValidationRule(**(facts | {"fields": tuple(facts.get("fields", ()))}))
        except TypeError as error:
            raise ValueError(f"rule {given!r}: {error}") from error
        self.validation.setdefault(rule.sobject, []).append(rule)
        return rule

    def clear(self) -> None:
        """Takes all rules away."""
        self.validation.clear()
        self.duplicates.clear()

    def listed(self) -> list[dict[str, Json]]:
        """All rules in the JSON that `add` takes."""
        return [
            *({"kind": "validation", **asdict(rule)} for rules in self.validation.values() for rule in rules),
            *({"kind": "duplicate", **asdict(rule)} for rules in self.duplicates.values() for rule in rules),
        ]

    def refusals(self, sobject: str, row: Row) -> list[Refusal]:
        """FIELD_CUSTOM_VALIDATION_EXCEPTION for every validation rule that the row breaks."""
        return [
            Refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, rule.fields)
            for rule in self.validation.get(sobject, ())
            if row.get(rule.field) == rule.value
        ]

    def duplicate(self, table: Table, row: Row, *, allow_save: bool) -> Refusal | None:
        """DUPLICATES_DETECTED for the first duplicate rule that the row meets (verified shape; `block` inferred)."""
        for rule in self.duplicates.get(table.shape.name, ()):
            if allow_save and rule.action == "alert":
                continue
            twins = _twins(table, rule.field, row)
            if twins:
                return Refusal("DUPLICATES_DETECTED", rule.message, (), _duplicate_result(rule, table, twins))
        return None


def _twins(table: Table, field: str, row: Row) -> list[str]:
    value = row.get(field)
    if value is None:
        return []
    if field in table.indexes:
        found = table.find(field, value)
    else:
        found = [record_id for record_id, other in table.rows.items() if other.get(field) == value]
    return [record_id for record_id in found if record_id != row["Id"]]


def _duplicate_result(rule: DuplicateRule, table: Table, twins: list[str]) -> dict[str, Json]:
    name = table.shape.name
    matches = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {"attributes": {"type": name}, "Id": record_id},
        }
        for record_id in twins
    ]
    match = {
        "entityType": name,
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": matches,
        "rule": rule.name or f"{name}_match_rule",
        "size": len(matches),
        "success": True,
    }
    return {
        "allowSave": rule.action == "alert",
        "duplicateRule": rule.name or f"{name}_duplicate_rule",
        "duplicateRuleEntityType": name,
        "errorMessage": rule.message,
        "matchResults": [match],
    }
