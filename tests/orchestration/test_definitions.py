"""What Dagster loads from the mapping files."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

shelf = Path(__file__).parent.parent.parent / "mappings"
MINIMAL = "from: item\nto: Thing__c\nexternal_id: Key__c\nfields: {Key__c: item_id}\n"


def loads(desk):
    dg.Definitions.validate_loadable(desk.definitions())
    return desk.assets()


def test_every_layer_has_its_assets_groups_and_kinds(desk):
    specs = {each.key.to_user_string(): each for each in desk.definitions().resolve_all_asset_specs()}

    assert {key: specs[key].group_name for key in ("chargeover/invoice", "mapped/invoices")} == {
        "chargeover/invoice": "extract",
        "mapped/invoices": "map",
    }
    assert specs["salesforce/ChargeOver_Invoice__c"].group_name == "load"
    assert specs["mapped/invoices"].kinds == {"python", "yaml"}
    assert len(specs) == 7 + 9 + 9 + 7


def test_a_new_file_brings_its_assets(desk):
    before = desk.assets()
    (desk.folder / "contacts.yaml").write_text((shelf / "contacts.yaml").read_text())

    assert loads(desk) - before == {"chargeover/user", "mapped/contacts", "salesforce/Contact", "backfill/user"}


def test_a_load_asset_waits_for_the_parents_that_its_lookups_name(desk):
    deps = {dep.asset_key.to_user_string() for dep in desk.spec("salesforce/ChargeOver_Invoice__c").deps}

    assert deps == {"mapped/invoices", "salesforce/Account", "salesforce/ChargeOver_Subscription__c"}


def test_an_asset_tells_columns_lineage_table_source_and_owner(desk):
    with (desk.folder / "invoices.yaml").open("a") as file:
        file.write("owner: team:billing\ndescription: Invoices as accounting wants them.\n")

    mapped, loaded = desk.spec("mapped/invoices"), desk.spec("salesforce/ChargeOver_Invoice__c")

    columns = {each.name: each for each in loaded.metadata["dagster/column_schema"].columns}
    assert (columns["Total__c"].type, columns["Total__c"].description) == ("currency", "from total as currency")
    lineage = loaded.metadata["dagster/column_lineage"].deps_by_column["Total__c"][0]
    assert (lineage.asset_key.to_user_string(), lineage.column_name) == ("chargeover/invoice", "total")
    assert loaded.metadata["dagster/table_name"] == "ChargeOver_Invoice__c"
    (source,) = mapped.metadata["dagster/code_references"].code_references
    assert Path(source.file_path) == desk.folder / "invoices.yaml"
    assert mapped.owners == loaded.owners == ["team:billing"]
    assert mapped.description.splitlines()[0] == "Invoices as accounting wants them."


def test_first_lines_of_descriptions_are_plain_sentences(desk):
    for each in desk.definitions().resolve_all_asset_specs():
        first = each.description.splitlines()[0]
        assert first.endswith(".")
        assert not set(first) & set("*`#<>[")


def test_code_version_follows_the_rules_not_the_comments(desk):
    before = desk.spec("mapped/invoices").code_version
    with (desk.folder / "invoices.yaml").open("a") as file:
        file.write("# a remark\n")
    commented = desk.spec("mapped/invoices").code_version
    desk.edit("invoices", "{from: subtotal,    as: currency}", "{from: total, as: currency}")

    assert before
    assert (commented == before, desk.spec("mapped/invoices").code_version == before) == (True, False)


def test_every_job_takes_all_three_layers(desk):
    definitions = desk.definitions()

    for name in ("sync", "full_resync", "retry_owed"):
        assert [node.name for node in definitions.resolve_job_def(name).nodes_in_topological_order] == [
            "extract", "map", "load",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        ("twin.yaml", (shelf / "invoices.yaml").read_text(), {"mapped/twin"}),
        ("invoices.yml", "from: invoice", {"mapped/invoices_yml_cdc9"}),
        ("two words.yaml", MINIMAL.replace("item_id", "nothing"), {"mapped/two_words_f46f", "salesforce/Thing__c"}),
        ("a-b.yaml", MINIMAL, {"mapped/a_b_5a6b", "salesforce/Thing__c"}),
        ("odd.yaml", "from: item\nto: 'No Such/Name'\n", {"mapped/odd", "salesforce/No_Such_Name_8ba1"}),
        ("empty.yaml", "", {"mapped/empty"}),
        ("conversions.py", "import no_such_module", {"mapped/conversions"}),
        ("invoices_copy.yaml", "from: invoice\nto: ChargeOver_Invoice__c\n", {"mapped/invoices_copy"}),
    ],
)  # fmt: skip
def test_a_file_never_takes_the_other_definitions_down(desk, name, text, more):
    before = desk.assets()
    (desk.folder / name).write_text(text)

    added = loads(desk) - before

    assert before <= desk.assets()
    assert {key.rpartition("_")[0] or key for key in added - {"chargeover/item"}} == {
        key.rpartition("_")[0] or key for key in more
    }


def test_two_files_whose_names_differ_by_a_sign_have_two_assets(desk):
    for name, to in (("a-b", "One__c"), ("a_b", "Two__c"), ("a b", "Three__c")):
        (desk.folder / f"{name}.yaml").write_text(MINIMAL.replace("Thing__c", to))

    assert len([key for key in loads(desk) if key.startswith("mapped/a_b")]) == 3


def test_a_broken_file_keeps_its_assets_and_says_where(desk):
    before = desk.assets()
    desk.edit("invoices", "from: invoice\n", "from: invoic\n")

    assert loads(desk) == before
    assert "invoices.yaml:3:7" in desk.spec("mapped/invoices").description
    assert "invoices.yaml:3:7" in desk.spec("salesforce/ChargeOver_Invoice__c").description


def test_a_file_that_is_no_yaml_breaks_no_child(desk):
    before = desk.assets()
    desk.edit("invoices", "\nfields:\n", "\nfields: [\n")

    assert loads(desk) == before
    assert "broken" not in desk.spec("salesforce/ChargeOver_Invoice_Line__c").description


@pytest.mark.parametrize("kind", ["missing", "empty", "only broken"])
def test_a_folder_without_a_good_mapping_loads_and_says_what_is_wrong(desk, kind, monkeypatch):
    folder = desk.folder / "inner"
    if kind != "missing":
        folder.mkdir()
    if kind == "only broken":
        (folder / "a.yaml").write_text("to: X\n")
        (folder / "b.yaml").write_text("\tx")
    monkeypatch.setenv("CO2SF_MAPPINGS", str(folder))

    loads(desk)
    result = desk.run()

    assert result.success
    told = [each for each in result.get_asset_check_evaluations() if each.check_name == "mapping_valid"]
    assert told
    assert not any(each.passed for each in told)
    words = {"missing": "no such folder", "empty": "holds no mapping", "only broken": "a.yaml:"}[kind]
    assert any(words in each.description for each in told)


@pytest.mark.slow
def test_dagster_validates_the_module_without_a_word_of_warning(desk):
    environment = os.environ | {"DAGSTER_DISABLE_TELEMETRY": "1"}

    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-m", "pipelines.definitions"],
        env=environment, cwd=shelf.parent, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    own = [line for line in done.stderr.splitlines() if "definitions_validate_command" not in line]
    assert "Warning" not in "\n".join(own)
