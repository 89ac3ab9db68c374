"""What of a mapping is compared: the amounts that it loads as they are, by the currency and the day that it loads."""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.chargeover.totals import DAY
from pipelines.mapping.model import Mapping, Rule
from pipelines.salesforce.totals import Asked, unmarked


@dataclass(frozen=True, slots=True)
class Measure:
    """One mapping with amounts; a child's day is that of its parent, where the child's mapping looks this one up."""

    mapping: Mapping
    kind: Object
    amounts: dict[str, str]
    """Field in Salesforce to field in ChargeOver."""
    currency: str
    """The field in Salesforce, empty when the mapping loads none."""
    dated_by: Mapping | None
    """The mapping that loads the day: this one or the parent's."""
    relation: str
    """How its row is reached from ours, such as ``Invoice__r.``."""

    @property
    def day(self) -> str:
        """The field of ``dated_by`` that holds the day, empty when there is none."""
        return _day_of(self.dated_by) if self.dated_by else ""

    @property
    def source_of_currency(self) -> str:
        """The field in ChargeOver."""
        return self.mapping.sources_of(self.currency)[0] if self.currency else ""

    @property
    def asked(self) -> Asked:
        """What to ask Salesforce for: rows that a mark of ``on_delete`` says to be deleted do not count."""
        mapping = self.mapping
        marks = mapping.on_delete if isinstance(mapping.on_delete, Dictionary) else {}
        day = f"{self.relation}{self.day}" if self.day else ""
        return Asked(
            mapping.to, mapping.external_id, tuple(self.amounts), self.currency, day, tuple(unmarked(marks))
        )  # fmt: skip

    @property
    def is_summable(self) -> bool:
        """Whether ChargeOver could add it all up itself: what is loaded is what it holds, of all records."""
        fields = [*self.amounts, *filter(None, (self.currency, self.day))]
        plain = all(_is_as_it_is(self.mapping.fields[each]) for each in fields if each in self.mapping.fields)
        return plain and not self.mapping.children and not self.mapping.only


def measures_of(mappings: Sequence[Mapping]) -> Iterator[Measure]:
    """The mappings with amounts."""
    for each in mappings:
        amounts = {name: rule.sources[0] for name, rule in each.fields.items() if _is_amount(rule)}
        if amounts:
            dated_by, relation = _dated_by(each, mappings)
            yield Measure(each, CATALOG[each.object], amounts, _currency_of(each), dated_by, relation)


def _is_amount(rule: Rule) -> bool:
    return rule.as_ == "currency" and _is_single(rule)


def _is_single(rule: Rule) -> bool:
    return len(rule.sources) == 1 and rule.choices is None and rule.default is None


def _is_as_it_is(rule: Rule) -> bool:
    """Sums of what is rounded to six decimals hardly differ; where they do, the records are looked at."""
    return _is_single(rule) and "fraction" not in rule.options and int(rule.options.get("scale", 6)) >= 6


def _currency_of(mapping: Mapping) -> str:
    wanted = f"{mapping.object}.currency_iso4217" if mapping.children else "currency_iso4217"
    return next((name for name, rule in mapping.fields.items() if _is_single(rule) and rule.sources == (wanted,)), "")


def _day_of(mapping: Mapping) -> str:
    """Only a date: of a moment it depends on a time zone in which month it lies."""
    wanted = (DAY.get(mapping.object, ""),)
    dates = (name for name, rule in mapping.fields.items() if rule.as_ == "date" and _is_single(rule))
    return next((name for name in dates if mapping.fields[name].sources == wanted), "")


def _dated_by(mapping: Mapping, mappings: Sequence[Mapping]) -> tuple[Mapping | None, str]:
    if not mapping.children:
        return (mapping, "") if _day_of(mapping) else (None, "")
    key = (f"{mapping.object}.{CATALOG[mapping.object].key}",)
    for lookup in mapping.lookups.values():
        for parent in mappings:
            if parent.to == lookup.to and parent.source == mapping.object and lookup.from_ == key and _day_of(parent):
                return parent, f"{lookup.relationship}."
    return None, ""
