"""A deployment that has had its time: it is checked, and if all of it is right the org has it at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from sandbox.salesforce import schemachange
from sandbox.salesforce.deploying.archive import FIELD, OBJECT, SET, Archive, Component
from sandbox.salesforce.deploying.deployments import PENDING_SHARE, Deployment
from sandbox.salesforce.deploying.problems import problems_of
from sandbox.salesforce.fieldtypes import read_field
from sandbox.salesforce.metadata import custom_object, free_prefix, with_fields
from sandbox.salesforce.org import Org
from sandbox.salesforce.permissions import grants_of
from sandbox.salesforce.shape import Shape
from sandbox.salesforce.xmltree import parse_tree


def settle(org: Org) -> None:
    """Brings every deployment to where it stands by now."""
    for deployment in org.deployments.waiting():
        share = deployment.share(org.clock.now())
        if share >= 1:
            _end(org, deployment)
        elif share >= PENDING_SHARE:
            deployment.status = "InProgress"


def regrant(org: Org) -> None:
    """Lets the loader see what it was granted by now, as the changes of an administrator leave it."""
    org.regrant()
    schemachange.show(org)
    org.stamp_schema()


def _end(org: Org, deployment: Deployment) -> None:
    """All or nothing, as with rollbackOnError (published: production orgs demand it); partial ones are not made."""
    deployment.problems = problems_of(org, deployment.archive)
    if not deployment.problems:
        shapes = _shapes(org, deployment.archive)
        _compare(org, deployment, shapes)
        if not deployment.check_only:
            apply(org, deployment.archive, shapes)
    deployment.end("Failed" if deployment.problems else "Succeeded", org.clock.now())


def _compare(org: Org, deployment: Deployment, shapes: Mapping[str, Shape]) -> None:
    """Which components are new to the org, and which it has otherwise."""
    for component in deployment.archive.components:
        before, after = _in_org(org, component), _made(component, shapes)
        if before is None:
            deployment.fresh.add(component.name)
        elif before != after:
            deployment.changed.add(component.name)


def _in_org(org: Org, component: Component) -> object:
    """As the administrator's changes leave it, whatever the loader sees."""
    if component.kind == SET:
        return org.rights.of(component.name)
    table = org.tables.get(component.sobject)
    return _part(schemachange.changed(org, table.shape) if table else None, component)


def _made(component: Component, shapes: Mapping[str, Shape]) -> object:
    return grants_of(component.tree) if component.kind == SET else _part(shapes[component.sobject], component)


def _part(shape: Shape | None, component: Component) -> object:
    if shape is None or component.kind == FIELD:
        return shape and shape.fields.get(component.own_name)
    return shape.label, shape.plural, shape.fields.get("Name")


def _shapes(org: Org, archive: Archive, prefixes: Mapping[str, str] | None = None) -> dict[str, Shape]:
    """All objects as the archive makes them."""
    shapes = {name: table.shape for name, table in org.tables.items()}
    for component in archive.of(OBJECT):
        _object(component, shapes, (prefixes or {}).get(component.name, ""))
    for component in archive.of(FIELD):
        field = read_field(component.tree, Path(component.file))
        shapes[component.sobject] = with_fields(shapes[component.sobject], {field.name: field})
    return shapes


def apply(org: Org, archive: Archive, shapes: Mapping[str, Shape]) -> None:
    """Puts everything into the org; what an administrator had changed of it is as deployed again."""
    for component in archive.components:
        if component.kind == SET:
            org.rights.keep(component.name, grants_of(component.tree))
        else:
            schemachange.forget(org, component.sobject, component.own_name if component.kind == FIELD else None)
        org.deployed[component.kind, component.name] = component
    org.reshape(shapes)
    regrant(org)


def again(org: Org, saved: Iterable[tuple[str, str, str]], prefixes: Mapping[str, str]) -> None:
    """Deploys what was deployed before the org was saved, as type, name and XML; objects keep their key prefixes."""
    components = [Component(kind, name, name, 0, 0, parse_tree(text)) for kind, name, text in saved]
    archive = Archive(components)
    apply(org, archive, _shapes(org, archive, prefixes))


def _object(component: Component, shapes: dict[str, Shape], prefix: str) -> None:
    before = shapes.get(component.name)
    if before is None:
        prefix = prefix or free_prefix({shape.prefix for shape in shapes.values()})
        shapes[component.name] = custom_object(component.name, component.tree, prefix)
    elif before.custom:
        made = custom_object(component.name, component.tree, before.prefix)
        shapes[component.name] = with_fields(made, {name: each for name, each in before.fields.items() if each.custom})
