"""Generated documents say what the code does, and the room stays pure."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.mapping.conversions import BUILT_IN
from pipelines.mapping.json_schema import json_schema
from pipelines.mapping.reference import generated, main

ROOT = Path(__file__).parents[2]
STALE = "run python -m pipelines.mapping.reference --write"


@pytest.mark.parametrize("name", ["docs/conversions.md", "docs/mapping-language.md"])
def test_a_generated_file_is_up_to_date(name):
    assert (ROOT / name).read_text(encoding="utf-8") == generated(ROOT)[ROOT / name], STALE


def test_nothing_is_stale(capsys):
    assert main([]) == 0
    assert capsys.readouterr().out == ""


def test_every_conversion_of_the_design_is_there_and_has_one_paragraph_of_docs():
    wanted = (
        "text textarea rich_text integer number currency percent checkbox date datetime time picklist multipicklist"
    )
    wanted += " email phone url id country_code state_code json upper lower trim"
    assert set(wanted.split()) == set(BUILT_IN)
    assert all(each.doc.endswith(".") for each in BUILT_IN.values())


def test_the_schema_knows_every_conversion_and_every_option():
    _, closed, opened = json_schema()["$defs"]["Rule"]["anyOf"]
    assert [each["const"] for each in closed["properties"]["as"]["oneOf"]] == list(BUILT_IN)
    for conversion in BUILT_IN.values():
        assert set(conversion.parameters) <= set(closed["properties"])
    assert closed["additionalProperties"] is False
    assert "additionalProperties" not in opened


def test_the_schema_takes_a_plain_null_for_otherwise_and_missing():
    definitions = json_schema()["$defs"]
    assert None in definitions["Lookup"]["properties"]["missing"]["enum"]
    assert None in definitions["Rule"]["anyOf"][1]["properties"]["otherwise"]["anyOf"][0]["enum"]


def test_the_schema_refers_only_to_what_it_defines():
    schema = json_schema()
    used = {part.split('"')[0] for part in json.dumps(schema).split('"#/$defs/')[1:]}
    assert used <= set(schema["$defs"])


def test_the_room_loads_neither_network_nor_database_nor_dagster():
    code = (
        "import sys, pipelines.mapping.reading, pipelines.mapping.translate, pipelines.mapping.fit;"
        "print([each for each in ('dagster', 'requests', 'sqlalchemy', 'pipelines.chargeover') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
