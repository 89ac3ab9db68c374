"""co2sf fields: what ChargeOver and Salesforce have that a mapping can name."""

import json
from dataclasses import asdict
from typing import Any

import click

from pipelines.chargeover.catalog import vocabulary
from pipelines.cli.fields import of_chargeover, of_salesforce
from pipelines.cli.fields.describing import is_connected, org_to_ask, shape_in
from pipelines.cli.fields.of_chargeover import Told, ask, notes, shortened
from pipelines.cli.printing import Rows, as_json, show
from pipelines.errors import Co2sfError, EditFile
from pipelines.mapping.problem import near_miss
from pipelines.mapping.reading import read_mappings
from pipelines.settings import ProjectSettings, read_settings


@click.command()
@click.argument("name", default="", metavar="[OBJECT | SOBJECT]")
@click.option("--like", default="", help="Only fields with this in their name, label or meaning.")
@click.option("--list-only", is_flag=True, help="Ask no account: no examples, no labels, no sObjects.")
@as_json
def fields(*, name: str, like: str, list_only: bool, as_json: bool) -> None:
    """List the fields of a ChargeOver object or of an sObject.

    OBJECT is say invoice or invoice.line_items: each field with its meaning, and an example from a few records when
    the connection is set up. SOBJECT is say Account: each field with its type, and whether it can be written. Without
    a name: which objects and sObjects there are; with --like, the ChargeOver fields of all objects.
    """
    if name in vocabulary():
        _of_chargeover(name, like, list_only=list_only, as_json=as_json)
    elif name:
        _of_salesforce(name, like, list_only=list_only, as_json=as_json)
    elif like:
        every = [{"object": source, **line} for source in vocabulary() for line in _own(source)]
        show(_like(every, like), as_json=as_json, nothing=f"No field of ChargeOver is like {like!r}.")
    else:
        _overview(list_only=list_only, as_json=as_json)


def _of_chargeover(source: str, like: str, *, list_only: bool, as_json: bool) -> None:
    told = Told() if list_only else ask(source)
    found = of_chargeover.lines(source, told)
    is_whole = as_json or bool(like)
    shown = _like(found, like) if is_whole else shortened(found, told)
    if not told.examples and not as_json:
        shown = [{key: value for key, value in line.items() if key != "example"} for line in shown]
    show(shown, as_json=as_json, nothing=f"No field of {source} is like {like!r}.")
    for note in () if is_whole else notes(source):
        click.echo(f"\n{note}")
    if told.why_not:
        click.echo(f"No examples: {told.why_not}", err=True)


def _own(source: str) -> list[dict[str, Any]]:
    found = shortened(of_chargeover.lines(source, Told()), Told())
    return [{key: value for key, value in line.items() if key != "example"} for line in found]


def _of_salesforce(name: str, like: str, *, list_only: bool, as_json: bool) -> None:
    if name.partition(".")[0] == "tokenized":
        raise EditFile("tokenized payment methods hold card data, which stays inside; see creditcard")
    if list_only or not is_connected():
        raise EditFile(
            f"ChargeOver has no object {name!r}{near_miss(name, vocabulary())}; there are {', '.join(vocabulary())}. "
            "For an sObject, run co2sf connect salesforce first, and leave out --list-only"
        )
    with org_to_ask() as org:
        shape = shape_in(org, name, vocabulary())
    if as_json:
        show(_like([asdict(each) for each in shape.fields.values()], like), as_json=True)
    else:
        show(_like(of_salesforce.lines(shape), like), nothing=f"No field of {shape.name} is like {like!r}.")


def _like(lines: Rows, word: str) -> list[dict[str, Any]]:
    texts = ("field", "name", "label", "meaning")
    return [
        dict(line) for line in lines if any(word.casefold() in str(line.get(each, "")).casefold() for each in texts)
    ]


def _overview(*, list_only: bool, as_json: bool) -> None:
    shelf = read_mappings(read_settings(ProjectSettings).mappings, vocabulary())
    loaded = {mapping.source: mapping.to for mapping in shelf.mappings}
    objects = [
        {"object": source, "fields": sum("." not in name for name in types), "becomes": loaded.get(source, "")}
        for source, types in vocabulary().items()
    ]
    sobjects = [] if list_only or not is_connected() else _sobjects(loaded)
    if as_json:
        click.echo(json.dumps({"objects": objects, "sobjects": sobjects}, indent=1, ensure_ascii=False))
        return
    show(objects)
    if sobjects:
        click.echo()
        show(sobjects)


def _sobjects(loaded: dict[str, str]) -> list[dict[str, Any]]:
    """Those that mappings load, as the org lists them; none when it cannot be asked."""
    try:
        with org_to_ask() as org:
            labels = org.sobjects()
    except Co2sfError as error:
        click.echo(f"No sObjects: {error}", err=True)
        return []
    return [
        {"sobject": to, "label": labels.get(to, "(not in the org, or not writeable)"), "made from": source}
        for source, to in loaded.items()
    ]
