"""What lookups must be: which are parts of their parent, what they are called from there, what its deletion does."""

from collections.abc import Iterable
from dataclasses import replace

from pipelines.mapping.model import Lookup, Mapping
from pipelines.schema.field import Field, label_of

_most_name = 40


def related(mapping: Mapping, name: str, sources: Iterable[tuple[str, str]]) -> Field:
    """The lookup field of this name; ``sources`` are the ChargeOver sources of all mappings and what they become."""
    lookup = mapping.lookups[name]
    is_part = _is_part(mapping, lookup, sources)
    return Field(
        name=name,
        kind="MasterDetail" if is_part else "Lookup",
        description=f"{mapping.source} of ChargeOver, by {' and '.join(lookup.from_)}",
        parent=lookup.to,
        relationship=_relationship(mapping.to, lookup.to),
        children_label=label_of(_relationship(mapping.to, lookup.to)),
        on_parent_delete="Restrict" if _is_kept(mapping, lookup) else "SetNull",
    )


def told_apart(fields: Iterable[Field]) -> list[Field]:
    """The lookups with relationship names that are unique below each parent, as Salesforce demands."""
    taken: set[tuple[str, str]] = set()
    found = []
    for field in fields:
        name = field.relationship
        if (field.parent, name) in taken:
            name = f"{name}_{field.name.removesuffix('__c')}"[:_most_name].rstrip("_")
        taken.add((field.parent, name))
        found.append(replace(field, relationship=name))
    return found


def plural(word: str) -> str:
    """Several of it, as English has it."""
    if word.endswith("y") and word[-2:-1].lower() not in set("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def _is_part(mapping: Mapping, lookup: Lookup, sources: Iterable[tuple[str, str]]) -> bool:
    """Whether the parent is the record that the children come with: lines of an invoice are details of it."""
    own = mapping.children is not None and all(name.startswith(f"{mapping.object}.") for name in lookup.from_)
    custom = mapping.to.endswith("__c") and lookup.missing == "hold"
    return own and custom and (mapping.object, lookup.to) in sources


def _is_kept(mapping: Mapping, lookup: Lookup) -> bool:
    """Whether the parent must stay as long as the child: one that waits for its parent, and is never deleted."""
    return lookup.missing == "hold" and mapping.on_delete != "delete"


def _relationship(child: str, parent: str) -> str:
    """The children as their parent names them; below a custom parent without the first word that both share."""
    stem, above = child.removesuffix("__c"), parent.removesuffix("__c")
    prefix, _, rest = stem.partition("_")
    if parent.endswith("__c") and rest and above.startswith(f"{prefix}_"):
        stem = rest
    name = plural(stem)
    return (f"Child_{name}" if child == parent else name)[:_most_name].rstrip("_")
