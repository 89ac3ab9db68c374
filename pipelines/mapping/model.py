"""What a mapping file says, as frozen models; the JSON Schema for editors is made from them."""

import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, StringConstraints, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from pipelines.mapping.conversions import BUILT_IN, Bound
from pipelines.mapping.problem import Places
from pipelines.mapping.scalars import marked

VERSION = "1"  # raised when the same mapping and record would give another payload than before

Word = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=80)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _null_word(value: object) -> object:
    return "null" if value is None else value


def _condition(value: object) -> object:
    if isinstance(value, Condition):
        return value
    negated = isinstance(value, dict) and set(value) == {"not"}
    inside = value["not"] if negated and isinstance(value, dict) else value
    return {"negated": negated, "values": inside if isinstance(inside, list) else [inside]}


Sources = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(_listed),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]


Drifting = Literal["alert", "take back", "leave"]
"""What is done about a value that somebody else has changed in Salesforce."""
_OWN_DRIFT = "the same for this field alone; it comes before what the file says"


class Language(BaseModel):
    """What a person writes: frozen, and every unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fixed(Language):
    """A constant: the same value for every record."""

    value: Word | None


class Rule(Language):
    """What one field becomes, from one or several ChargeOver fields or from a constant."""

    from_: Sources | SkipJsonSchema[None] = Field(None, alias="from", description="ChargeOver field, or a list of them")
    as_: str | SkipJsonSchema[None] = Field(None, alias="as", description="conversion; text when left out")
    join: str | SkipJsonSchema[None] = Field(
        None, description="what stands between several fields; empty ones are skipped"
    )
    take: Literal["first"] | SkipJsonSchema[None] = Field(
        None, description="of several fields the first that has a value"
    )
    choices: dict[str, Word | None] | SkipJsonSchema[None] = Field(None, description="ChargeOver's word: ours")
    otherwise: (
        Annotated[
            Literal["reject", "null", "keep"],
            BeforeValidator(_null_word),
            WithJsonSchema({"enum": ["reject", None, "null", "keep"]}),
        ]
        | Fixed
    ) = Field("reject", description="what a value that is not among the choices becomes")
    default: Word | SkipJsonSchema[None] = Field(None, description="what an empty value becomes")
    value: Word | None = Field(None, description="a constant, instead of from")
    drift: Drifting | SkipJsonSchema[None] = Field(None, description=_OWN_DRIFT)
    options: SkipJsonSchema[dict[str, Any]] = Field(default_factory=dict)
    bound: SkipJsonSchema[InstanceOf[Bound]] = Field(
        default_factory=lambda: Bound(BUILT_IN["text"]), exclude=True, repr=False
    )

    @property
    def sources(self) -> tuple[str, ...]:
        """The ChargeOver fields that it reads."""
        return self.from_ or ()

    @property
    def constants(self) -> tuple[str, ...]:
        """Every value that stands in the rule itself, each once."""
        written = [self.value, self.default, *(self.choices or {}).values()]
        if not isinstance(self.otherwise, str):
            written.append(self.otherwise.value)
        return tuple(dict.fromkeys(each for each in written if each))

    @property
    def words(self) -> str:
        """The rule in words for a column description."""
        if not self.sources:
            return f"always {self.value}"
        return f"from {(' or ' if self.take else ' and ').join(self.sources)} as {self.bound.conversion.name}"


class Lookup(Language):
    """A reference to another record, by the external id under which that record's mapping loads it."""

    from_: Sources = Field(alias="from", description="ChargeOver field that holds the parent's id, or a list of them")
    to: Name = Field(description="sObject of the parent; another mapping loads it")
    join: str | SkipJsonSchema[None] = Field(None, description="what stands between several fields")
    missing: Annotated[
        Literal["hold", "null", "reject"],
        BeforeValidator(_null_word),
        WithJsonSchema({"enum": ["hold", None, "null", "reject"]}),
    ] = Field("hold", description="what happens while the parent is not in Salesforce")
    drift: Drifting | SkipJsonSchema[None] = Field(None, description=_OWN_DRIFT)
    field: SkipJsonSchema[str] = ""

    @property
    def relationship(self) -> str:
        """The name of the relationship: Account__r for Account__c, Account for AccountId (REST API guide)."""
        return f"{self.field[:-1]}r" if self.field.lower().endswith("__c") else self.field[:-2]


_LITERAL: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
_VALUES: dict[str, Any] = {"anyOf": [_LITERAL, {"type": "array", "items": _LITERAL}]}
_NOT = {"type": "object", "properties": {"not": _VALUES}, "required": ["not"], "additionalProperties": False}


class Condition(Language):
    """What a field must be, or must not be, for a record to be loaded; None stands for null."""

    negated: bool
    values: tuple[str | None, ...]


Mark = Annotated[str | bool | None, BeforeValidator(marked), WithJsonSchema(_LITERAL)]
Marks = Annotated[dict[Name, Mark], Field(min_length=1)]


class Head(Language):
    """Everything in a mapping file but the field rules and lookups."""

    source: str = Field(alias="from", description="ChargeOver object, or object.children: invoice.line_items")
    to: Name = Field(description="sObject that is written")
    external_id: Name = Field(description="unique external id field of the sObject; it needs a rule under fields")
    only: dict[
        str,
        Annotated[Condition, BeforeValidator(_condition), WithJsonSchema({"anyOf": [*_VALUES["anyOf"], _NOT]})],
    ] = Field(default_factory=dict, description="records to load: field and value, values, null, or not: ...")
    on_delete: Literal["ignore", "delete"] | Marks = Field(
        "ignore", description="what happens when ChargeOver no longer has the record: ignore, delete, or fields to set"
    )
    nulls: Literal["clear", "leave"] = Field("clear", description="whether an empty value clears the field")
    on_change: Literal["resync", "from_now"] = Field(
        "from_now",
        description="what an edit of this file means for rows that are loaded: resync has all records read again and "
        "sends the rows that differ; from_now leaves each row as it is until its record changes",
    )
    drift: Drifting = Field(
        "alert",
        description="what is done about values that somebody else has changed in Salesforce, and about rows deleted "
        "there: alert names them, take back sends them again, leave does not look at them",
    )
    description: str = Field("", description="what this mapping is for")
    owner: str = Field("", description="who to ask about it")

    @property
    def object(self) -> str:
        """The ChargeOver object: invoice for invoice.line_items."""
        return self.source.partition(".")[0]

    @property
    def children(self) -> str | None:
        """The kind of children, or None for the object itself."""
        return self.source.partition(".")[2] or None


_EACH: dict[str, Any] = {"__all__": {"drift"}}
_SAYS_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("name", "path", "text", "description", "owner", "on_change", "drift"), True),
    **dict.fromkeys(("fields", "lookups"), _EACH),
}
"""What does not change what records become."""


class Mapping(Head):
    """How records of one ChargeOver object become rows of one sObject."""

    name: str
    path: Path
    text: str = Field(repr=False)
    fields: dict[str, Rule]
    lookups: dict[str, Lookup]
    places: InstanceOf[Places] = Field(exclude=True, repr=False)
    shown: str = Field(exclude=True)
    types: dict[str, str] = Field(exclude=True, repr=False)
    """ChargeOver field to its type, of the whole source."""

    @cached_property
    def fingerprint(self) -> str:
        """A hash of what records become: comments, format, order of keys, description, owner, on_change and drift do
        not count."""
        said = self.model_dump(mode="json", exclude=_SAYS_NOTHING)
        said["written"] = {field: rule.bound.conversion.digest for field, rule in self.fields.items()}
        said["version"] = VERSION
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]

    @cached_property
    def parts(self) -> dict[str, str]:
        """A short hash of each thing that counts for the fingerprint: of each field and lookup by its name, of all else
        by its key and a colon, such as ``only:``."""
        said = self.model_dump(mode="json", include={"source", "external_id", "only", "on_delete", "nulls"})
        whole = {f"{'from' if name == 'source' else name}:": value for name, value in said.items()}
        rules = {
            name: (rule.model_dump(mode="json", exclude={"drift"}), rule.bound.conversion.digest)
            for name, rule in self.fields.items()
        }
        lookups = {name: each.model_dump(mode="json", exclude={"drift"}) for name, each in self.lookups.items()}
        return {name: _short_hash(value) for name, value in {**whole, **rules, **lookups}.items()}

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The names of all fields and lookups that it writes."""
        return (*self.fields, *self.lookups)

    def drift_of(self, field: str) -> Drifting:
        """What is done about a field or lookup that somebody else has changed in Salesforce."""
        found = self.fields.get(field) or self.lookups.get(field)
        return (found.drift if found else None) or self.drift

    def at(self, *where: str | int) -> str:
        """file:line:column of a key, or of what is around it."""
        line, column = self.places.key(where)
        return f"{self.shown}:{line}:{column}"

    def sources_of(self, field: str) -> tuple[str, ...]:
        """The ChargeOver fields that a field or lookup is made from."""
        found = self.fields.get(field) or self.lookups.get(field)
        return () if found is None else found.from_ or ()

    def all_sources(self) -> set[str]:
        """Every ChargeOver field that it reads."""
        return {name for field in self.written for name in self.sources_of(field)} | set(self.only)

    def columns(self) -> list[tuple[str, str, str]]:
        """Every field that is written: its name, the conversion or lookup, and where it comes from in words."""
        made = [(field, rule.bound.conversion.name, rule.words) for field, rule in self.fields.items()]
        return made + [
            (field, "lookup", f"{each.to} by {' and '.join(each.from_)}") for field, each in self.lookups.items()
        ]


def _short_hash(said: object) -> str:
    return hashlib.sha256(json.dumps([VERSION, said], sort_keys=True).encode()).hexdigest()[:12]
