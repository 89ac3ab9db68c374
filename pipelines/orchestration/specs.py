"""The assets as the Dagster UI shows them, made from the mapping files and ChargeOver's catalog."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from hashlib import blake2b
from pathlib import Path

import dagster as dg

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.freshness import how_noticed
from pipelines.chargeover.object import Object
from pipelines.chargeover.touching import touching
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import Broken, Shelf
from pipelines.settings import ProjectSettings, read_settings

mapping_valid = "mapping_valid"
counts_add_up = "counts_add_up"
fits_the_org = "fits_the_org"
deletes_believed = "deletes_believed"
nothing_owed_long = "nothing_owed_long"
_checked = {
    mapping_valid: "The mapping file can be used; if not, each problem is shown as file:line:column.",
    counts_add_up: "Every record that was read has exactly one verdict.",
    deletes_believed: "No more records have gone from ChargeOver at once than can be believed; if so, none is deleted.",
    nothing_owed_long: "No row is owed for longer than CO2SF_OWED_TOO_LONG_HOURS; what is stays owed, all else lands.",
    fits_the_org: "The org has every field of the mapping, writeable and of a fitting type; if not, nothing is sent.",
}

LOAD = "salesforce"
"""The first part of the keys of the load layer."""


def extract_key(name: str) -> dg.AssetKey:
    """The asset of one ChargeOver object as it was read."""
    return dg.AssetKey(["chargeover", name])


def backfill_key(name: str) -> dg.AssetKey:
    """The asset of one ChargeOver object, read and loaded again month by month."""
    return dg.AssetKey(["backfill", name])


def map_key(mapping: Mapping | Broken) -> dg.AssetKey:
    """The asset of one mapping's payloads."""
    return dg.AssetKey(["mapped", _leaf(mapping.name if mapping.path.suffix != ".yml" else mapping.path.name)])


def load_key(mapping: Mapping | Broken) -> dg.AssetKey:
    """The asset of the sObject that a mapping writes; only for files that say which."""
    return dg.AssetKey([LOAD, _leaf(mapping.to or "")])


def assets_of(mapping: Mapping) -> set[dg.AssetKey]:
    """The assets that a run over one mapping takes."""
    return {extract_key(mapping.object), map_key(mapping), load_key(mapping)}


def keys_of(shelf: Shelf, object_name: str, loaded: Set[dg.AssetKey] | None = None) -> Iterator[dg.AssetKey]:
    """The assets of all good mappings that read an object, in all three layers; of those that are ``loaded``."""
    for each in shelf.mappings:
        if each.object == object_name and (loaded is None or assets_of(each) <= loaded):
            yield from assets_of(each)


def files(shelf: Shelf) -> list[Mapping | Broken]:
    """Every mapping file, good or broken."""
    return [*shelf.mappings, *shelf.broken]


def objects(shelf: Shelf) -> list[Object]:
    """The ChargeOver objects that the mappings need, in the order in which one touches the next."""
    named = {each.object for each in files(shelf)}
    return sorted((kind for kind in CATALOG.values() if kind.name in named), key=touching, reverse=True)


def extract_specs(shelf: Shelf) -> list[dg.AssetSpec]:
    """One asset per object."""
    return [
        dg.AssetSpec(
            extract_key(kind.name),
            group_name="extract",
            kinds={"rest"},
            description=f"ChargeOver {kind.name} records that changed, as staged parts.\n\n{how_noticed(kind)}",
            metadata={
                "dagster/column_schema": _schema((name, type_name, "") for name, type_name in kind.fields.items())
            },
        )
        for kind in objects(shelf)
    ]


def map_specs(shelf: Shelf) -> list[dg.AssetSpec]:
    """One asset per mapping file, broken ones too."""
    good, broken = map(_map_spec, shelf.mappings), map(_broken_map_spec, shelf.broken)
    return list({spec.key: spec for spec in (*broken, *good)}.values())


def load_specs(shelf: Shelf) -> list[dg.AssetSpec]:
    """One asset per sObject; it depends on the sObjects that its lookups name, so the graph shows the order.

    Two broken files may name the same sObject: Dagster refuses all definitions when one key comes twice."""
    parents = {each.to: load_key(each) for each in files(shelf) if each.to}
    good = (_load_spec(each, parents) for each in shelf.mappings)
    broken = (_broken_load_spec(each) for each in shelf.broken if each.to)
    return list({spec.key: spec for spec in (*broken, *good)}.values())


_riding = {
    "chargeover": (deletes_believed,),
    "mapped": (mapping_valid,),
    LOAD: (counts_add_up, fits_the_org, nothing_owed_long),
}


def riding(keys: Iterable[dg.AssetKey]) -> list[dg.AssetCheckKey]:
    """The checks that ride on the steps of these assets: a run that names assets alone would run standing ones too."""
    return [dg.AssetCheckKey(key, name) for key in keys for name in _riding.get(key.path[0], ())]


def check_specs(specs: Iterable[dg.AssetSpec]) -> list[dg.AssetCheckSpec]:
    """The checks that ride on the steps of the assets."""
    keys = riding(spec.key for spec in specs)
    return [dg.AssetCheckSpec(key.name, asset=key.asset_key, description=_checked[key.name]) for key in keys]


def _leaf(name: str) -> str:
    """A name that Dagster takes (letters, digits, underscore), still another one for each other file name."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name)
    return plain if plain == name else f"{plain}_{blake2b(name.encode(), digest_size=2).hexdigest()}"


def _broken_map_spec(broken: Broken) -> dg.AssetSpec:
    return dg.AssetSpec(
        map_key(broken),
        deps=[extract_key(broken.object)] if broken.object in CATALOG else [],
        group_name="map",
        kinds={"python", "yaml"},
        description=f"{broken.path.name} is broken, so nothing is mapped by it.\n\n{_listed(broken)}",
    )


def _broken_load_spec(broken: Broken) -> dg.AssetSpec:
    return dg.AssetSpec(
        load_key(broken),
        deps=[map_key(broken)],
        group_name="load",
        kinds={"salesforce"},
        description=f"Nothing is loaded while {broken.path.name} is broken.\n\n{_listed(broken)}",
    )


def _map_spec(mapping: Mapping) -> dg.AssetSpec:
    return dg.AssetSpec(
        map_key(mapping),
        deps=[extract_key(mapping.object)],
        group_name="map",
        kinds={"python", "yaml"},
        description=f"{_meant(mapping)}\n\nPayloads for {mapping.to}, nothing sent yet.",
        code_version=mapping.fingerprint,
        owners=_owners(mapping),
        metadata=_mapping_metadata(mapping),
    )


def _load_spec(mapping: Mapping, parents: dict[str, dg.AssetKey]) -> dg.AssetSpec:
    needed = {lookup.to for lookup in mapping.lookups.values()} - {mapping.to}
    return dg.AssetSpec(
        load_key(mapping),
        deps=[map_key(mapping), *(parents[name] for name in sorted(needed))],
        group_name="load",
        kinds={"salesforce"},
        description=f"{mapping.to} rows in Salesforce, by {mapping.external_id}.\n\n{_meant(mapping)}\n\n"
        f"What has not landed, why, and what to do: `co2sf owed --sobject {mapping.to}`. What happened to a record: "
        f"the job `report`, or `co2sf log --record {mapping.object}:10041`.",
        owners=_owners(mapping),
        metadata={"dagster/table_name": mapping.to, **_mapping_metadata(mapping)},
    )


def _mapping_metadata(mapping: Mapping) -> dict[str, object]:
    return {
        "dagster/column_schema": _schema(mapping.columns()),
        "dagster/column_lineage": _lineage(mapping),
        "dagster/code_references": dg.CodeReferencesMetadataValue(code_references=_references(mapping)),
        "mapping": dg.MetadataValue.md(f"```yaml\n{mapping.text}\n```"),
    }


def _references(mapping: Mapping) -> list[dg.LocalFileCodeReference | dg.UrlCodeReference]:
    """The file here, and where it can be read on the web."""
    here: list[dg.LocalFileCodeReference | dg.UrlCodeReference] = [
        dg.LocalFileCodeReference(file_path=str(mapping.path.resolve()), label=str(mapping.path))
    ]
    url, path = read_settings(ProjectSettings).code_url.rstrip("/"), mapping.path.resolve()
    is_inside = path.is_relative_to(Path.cwd())
    inside = path.relative_to(Path.cwd()) if is_inside else Path(path.parent.name, path.name)
    return [*here, dg.UrlCodeReference(url=f"{url}/{inside.as_posix()}", label=path.name)] if url else here


def _lineage(mapping: Mapping) -> dg.TableColumnLineage:
    source = extract_key(mapping.object)
    return dg.TableColumnLineage(
        {
            field: [
                dg.TableColumnDep(source, name.removeprefix(f"{mapping.object}.")) for name in mapping.sources_of(field)
            ]
            for field, _, _ in mapping.columns()
        }
    )


def _schema(columns: Iterable[tuple[str, str, str]]) -> dg.TableSchema:
    return dg.TableSchema([dg.TableColumn(name, kind, description=words or None) for name, kind, words in columns])


def _meant(mapping: Mapping) -> str:
    """What the mapping is for: its description, or else its first comment."""
    if mapping.description:
        return mapping.description
    comments = re.findall(r"^# (?!yaml-language-server)(.+)$", mapping.text, re.MULTILINE)
    return comments[0] if comments else f"ChargeOver {mapping.source} becomes {mapping.to}."


def _listed(broken: Broken) -> str:
    return "\n".join(f"- {problem}" for problem in broken.problems)


def _owners(mapping: Mapping) -> Sequence[str] | None:
    return [mapping.owner] if re.fullmatch(r"team:\w+|[^@\s]+@[^@\s]+\.\w+", mapping.owner) else None
