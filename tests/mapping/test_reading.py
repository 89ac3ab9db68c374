"""Reading mapping files: every problem at once, at its place, with the near miss and what to do."""

import os
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mapping.problem import Findings
from pipelines.mapping.reading import read_mappings
from pipelines.mapping.written import QUICK, _parsed

GOOD = """\
# an invoice
from: invoice
to: Invoice__c
external_id: Key__c

fields:
  Key__c: invoice_id
  Name: {from: [refnumber, memo], join: " ", max: 80, too_long: cut}
  Total__c: {from: total, as: currency, scale: 2}
  Status__c:
    from: invoice_status_str
    choices: {open-unpaid: Unpaid, no: 07}
    otherwise: {value: Other}
  Source__c: {value: ChargeOver}
lookups:
  Account__c: {from: customer_id, to: Account, missing: hold}
only: {is_void: {not: true}}
on_delete: {Deleted__c: true}
nulls: leave
on_change: resync
description: what it is for
owner: billing
"""
ACCOUNT = "from: customer\nto: Account\nexternal_id: Key__c\nfields:\n  Key__c: customer_id\n"


def changed(line, text):
    """GOOD with one line (from 1) replaced."""
    lines = GOOD.splitlines()
    lines[line - 1] = text
    return "\n".join(lines)


@pytest.fixture(scope="module")
def told(problems):
    return lambda line, text: problems(changed(line, text), account=ACCOUNT)


def test_a_good_file_becomes_a_mapping(read):
    shelf = read(invoices=GOOD, account=ACCOUNT)
    mapping = shelf.for_sobject("Invoice__c")
    assert shelf.problems == ()
    assert (mapping.name, mapping.source, mapping.object, mapping.children) == ("invoices", "invoice", "invoice", None)
    assert mapping.fields["Status__c"].choices == {"open-unpaid": "Unpaid", "no": "07"}
    assert mapping.on_delete == {"Deleted__c": True}
    assert mapping.text == GOOD
    assert mapping.lookups["Account__c"].relationship == "Account__r"


def test_parents_come_first(read):
    shelf = read(invoices=GOOD, zaccount=ACCOUNT)
    assert [each.to for each in shelf.mappings] == ["Account", "Invoice__c"]
    assert shelf.parents_of(shelf.mappings[1]) == ("Account",)
    assert shelf.children_of(shelf.mappings[0]) == ("Invoice__c",)


@pytest.mark.parametrize(
    ("line", "text", "at", "says"),
    [
        (2, "from: invoices", "2:7", 'ChargeOver has no "invoices"; did you mean "invoice"?'),
        (2, "from: invoice.lines", "2:7", 'ChargeOver has no "invoice.lines"; did you mean "invoice.line_items"?'),
        (2, "from: tokenized", "2:7", "card data, which stays inside"),
        (2, "form: invoice", "2:1", 'unknown key "form"; did you mean "from"?'),
        (3, "to: Invoice-c", "3:5", '"Invoice-c" does not fit under to; write the API name of an sObject'),
        (3, "to: [a]", "3:5", "a list does not fit under to"),
        (4, "external_id: Kee__c", "4:14", '"Kee__c" has no rule under fields; did you mean "Key__c"?'),
        (7, "  Key__c: invoice_nr", "7:11", 'invoice has no field "invoice_nr"; did you mean "invoice_id"?'),
        (7, "  Key__c: {value: 1}", "7:3", "the external id is the same for every record"),
        (7, "  Key__c: {from: memo, default: x}", "7:24", "default would give several records the same external id"),
        (7, "  Key__c:", "7:10", "nothing is no rule for Key__c; write the ChargeOver field"),
        (8, "  Name: {from: [refnumber, mem], join: a}", "8:28", 'invoice has no field "mem"; did you mean "memo"?'),
        (8, "  Name: {from: [refnumber, memo]}", "8:16", 'several fields need either join: " " between them'),
        (8, "  Name: {from: memo, join: a}", "8:22", "join is about several fields, from names one"),
        (8, "  Name: {from: memo, take: last}", "8:28", '"last" does not fit under take'),
        (8, "  Name: {from: memo, max: many}", "8:27", '"many" does not fit under max; write a whole number'),
        (8, "  Name: {from: memo, max: 0}", "8:27", '"0" does not fit under max; write greater than 0'),
        (8, "  Name: {from: memo, too_lng: cut}", "8:22", 'unknown key "too_lng"; did you mean "too_long"?'),
        (8, "  Name: {from: memo, too_long: chop}", "8:32", "\"chop\" does not fit under too_long; write"),
        (8, "  Name: {as: text}", "8:3", "a rule without from; write from:"),
        (8, "  Name: {from: memo, value: a}", "8:22", "a rule has either from or value; remove one"),
        (8, "  Name: {from: {a: b}}", "8:16", "a group of keys does not fit under from; write the name"),
        (8, "  Name: []", "8:9", "a list is no rule for Name"),
        (8, '  "Na me": memo', "8:3", '"Na me" is no field name'),
        (9, "  Total__c: {from: total, as: curency}", "9:31", 'unknown conversion "curency"; did you mean "currency"?'),
        (9, "  Total__c: {from: total, as: currency, scael: 2}", "9:41", 'unknown key "scael"; did you mean "scale"?'),
        (9, "  Total__c: {from: total, as: currency, max: 2}", "9:41", 'unknown key "max"'),
        (9, "  Total__c: {from: total, as: currency, default: x}", "9:50", '"x" is not a number'),
        (9, "  Total__c: {value: x, as: currency}", "9:21", '"x" is not a number'),
        (9, "  Total__c: {from: date, as: date, zone: Mars/Base}", "9:42", "write a time zone such as America/Chicago"),
        (9, "  key__c: total", "9:3", '"key__c" is already written in line 7; remove one of the two'),
        (9, "  Account__c: total", "16:3", '"Account__c" is already written in line 9'),
        (12, "    choices: [a]", "12:14", "a list does not fit under choices; write ChargeOver's words and ours"),
        (12, "    choices: {}", "12:14", "no choice at all"),
        (12, "    as: text", "13:5", "otherwise says what happens beside choices"),
        (13, "    otherwise: rejct", "13:16", '"rejct" does not fit under otherwise; did you mean "reject"?'),
        (13, "    otherwise: {valeu: x}", "13:17", 'unknown key "valeu"; did you mean "value"?'),
        (14, "  Name: memo", "14:3", '"Name" stands here twice, first in line 8; remove one'),
        (16, "  Account__c: customer_id", "16:15", '"customer_id" is no lookup; write {from:'),
        (16, "  Account__c: {from: customer_id}", "16:3", '"to" is missing; write to: and the API name'),
        (16, "  Account__c: {from: customer_id, to: Acount}", "16:39", 'no mapping loads "Acount"; did you mean'),
        (16, "  Account__c: {from: customer_id, to: Account, missing: hld}", "16:57", 'did you mean "hold"?'),
        (16, "  Account__c: {from: customer, to: Account}", "16:22", 'did you mean "customer_id"?'),
        (16, "  Account__c: {from: [customer_id, memo], to: Account}", "16:3", "join belongs to several fields"),
        (16, "  Account__c: {from: memo, to: Account, field: a}", "16:41", 'unknown key "field"'),
        (16, "  Account: {from: customer_id, to: Account}", "16:3", '"Account" is no lookup field'),
        (17, "only: {is_viod: true}", "17:8", 'invoice has no field "is_viod"; did you mean "is_void"?'),
        (17, "only: {is_void: no}", "17:17", '"no" never equals is_void, which is true or false'),
        (17, "only: {total: much}", "17:15", '"much" never equals total, which is a number'),
        (17, "only: {is_void: []}", "17:17", "an empty list; name at least one value"),
        (17, "only: {is_void: {nt: true}}", "17:17", "a group of keys does not fit under is_void; write"),
        (17, "only: is_void", "17:7", '"is_void" does not fit under only'),
        (18, "on_delete: remove", "18:12", '"remove" does not fit under on_delete; write ignore, delete'),
        (18, "on_delete: {}", "18:12", "write ignore, delete, or the fields to set"),
        (18, "on_delete: {Deleted__c: [a]}", "18:25", "a list does not fit under Deleted__c; write ignore, delete, or"),
        (18, "on_delete: {Key__c: x}", "18:13", "the external id must not change when a record is deleted"),
        (19, "nulls: clean", "19:8", '"clean" does not fit under nulls; did you mean "clear"?'),
        (20, "on_change: resnyc", "20:12", 'did you mean "resync"?'),
        (21, "description: [a]", "21:14", "a list does not fit under description; write one text"),
        (22, "onwer: me", "22:1", 'unknown key "onwer"; did you mean "owner"?'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_where_it_stands(told, line, text, at, says):
    found = [each for each in told(line, text) if each.startswith(f"{at}: ") and says in each]
    assert found, told(line, text)


def test_problems_of_all_parts_and_files_stand_together(read):
    text = GOOD.replace("invoice_id", "invoice_i").replace("as: currency", "as: currncy").replace("hold", "x")
    shelf = read(invoices=text.replace("owner", "onwer"), account=ACCOUNT.replace("customer_id", "cust"))
    assert [problem.line for problem in shelf.problems] == [5, 7, 9, 16, 22]
    assert [broken.name for broken in shelf.broken] == ["account", "invoices"]
    assert [(broken.to, broken.object) for broken in shelf.broken] == [
        ("Account", "customer"),
        ("Invoice__c", "invoice"),
    ]


def test_a_bad_file_stops_only_itself(read):
    shelf = read(invoices=GOOD, account=ACCOUNT.replace("customer_id", "cust"))
    assert [each.to for each in shelf.mappings] == ["Invoice__c"]
    assert [each.to for each in shelf.broken] == ["Account"]


def test_two_mappings_for_one_sobject_are_both_named(read):
    shelf = read(a=ACCOUNT, b=ACCOUNT.replace("Account", "account"))
    assert len(shelf.problems) == 2
    assert all("a.yaml and " in each.text and "one mapping per sObject" in each.text for each in shelf.problems)


def test_mappings_that_need_each_other_are_named_in_order(read):
    files = {
        name: f"from: invoice\nto: {name}__c\nexternal_id: K__c\nfields:\n  K__c: invoice_id\n"
        f"lookups:\n  P__c: {{from: customer_id, to: {parent}__c}}\n"
        for name, parent in (("A", "B"), ("B", "C"), ("C", "A"), ("D", "A"))
    }
    shelf = read(**files)
    assert [each.to for each in shelf.mappings] == ["D__c"]
    assert len(shelf.problems) == 3
    assert all(each.text.startswith("A__c -> B__c -> C__c -> A__c need each other") for each in shelf.problems)
    assert [(each.line, each.column) for each in shelf.problems] == [(7, 33)] * 3


def test_a_lookup_to_itself_is_no_part_of_a_cycle(read):
    text = "from: customer\nto: {}\nexternal_id: K__c\nfields: {{K__c: customer_id}}\nlookups:\n"
    text += "  ParentId: {{from: parent_customer_id, to: {}}}\n  Other__c: {{from: customer_id, to: {}}}\n"
    shelf = read(a=text.format("A", "A", "B"), b=text.format("B", "B", "A"))
    assert [each.line for each in shelf.problems] == [7, 7]


def test_a_mapping_may_look_up_to_itself(read):
    rest = "lookups:\n  ParentId: {from: parent_customer_id, to: Account}\n"
    shelf = read(account=ACCOUNT + rest)
    assert shelf.problems == ()
    assert shelf.parents_of(shelf.mappings[0]) == ()
    assert shelf.mappings[0].lookups["ParentId"].relationship == "Parent"


def test_card_data_stays_inside(problems):
    card = "from: creditcard\nto: Card__c\nexternal_id: K__c\nfields:\n  K__c: creditcard_id\n  N__c: {}\n"
    for field in ("number", "token", "routing_number"):
        text = problems(card.replace("{}", field))
        assert text == [f'6:9: "{field}" of creditcard is card data, which stays inside; map mask_number or type_name']


def test_a_parents_field_is_found_under_the_parents_name(problems):
    text = "from: invoice.line_items\nto: L__c\nexternal_id: K__c\nfields:\n  K__c: line_item_id\n  M__c: memo\n"
    assert problems(text) == ['6:9: invoice.line_items has no field "memo", its invoice has; write "invoice.memo"']


@pytest.mark.parametrize(
    ("content", "at", "says"),
    [
        ("", "1:1", "an empty file; a mapping starts with from:"),
        ("# nothing\n", "1:1", "an empty file"),
        ("- a\n- b\n", "1:1", "a list instead of keys and values"),
        ("just text", "1:1", '"just text" instead of keys and values'),
        ("from: invoice\n\tto: a\n", "2:1", "a tab in the indentation; YAML is indented with blanks"),
        ("from: a: b\n", "1:8", 'a value that holds ": " goes in quotes'),
        ("from: [a\nto: b\n", "2:3", "a bracket or a comma is missing"),
        ('from: "a\n', "2:1", "a quote is not closed"),
        ("from: @a\n", "1:7", "a value that starts with this sign goes in quotes"),
        ("from: *a\n", "1:7", "anchors and aliases (& and *) are not part of the mapping language"),
        ("from: &a b\n", "1:7", "anchors and aliases"),
        ("from: !!int 5\n", "1:7", "tags ("),
        ("from: a\n---\nto: b\n", "2:1", "a second document; write one mapping per file"),
        ("? [a]\n: b\n", "1:3", "a key must be a name"),
        ("from: " + "[" * 50_000, "1:18", "nested too deeply for a mapping"),
        ("from: a\nfrom: b\n", "2:1", '"from" stands here twice, first in line 1'),
        (b"from: a\nto: \xff\n", "2:5", "the byte 0xff is not UTF-8"),
        (b"from: a\nto: \x00\n", "2:5", "a character that YAML forbids"),
        ("fields: a\n", "1:9", '"a" does not fit under fields; write one line for each field'),
        ("fields: {}\n", "1:9", "a group of keys does not fit under fields"),
        ("from: invoice\n", "1:1", '"fields" is missing'),
        ("from: invoice\n", "1:1", '"to" is missing; write to: and the API name of an sObject'),
    ],
)
def test_what_is_not_a_mapping_at_all_is_told_clearly(problems, content, at, says):
    found = problems(content)
    assert [each for each in found if each.startswith(f"{at}: ") and says in each], found


def test_text_stays_what_was_typed(read):
    fields = (
        "\n  A__c: {value: no}\n  B__c: {value: on}\n  C__c: {value: 07}\n  D__c: {value: 1_000}\n  E__c: {value: ~}"
    )
    fields += "\n  F__c: {value: 2026-01-01}\n  G__c: {value: 'null'}"
    mapping = read(account=ACCOUNT.rstrip() + fields).mappings[0]
    values = [rule.value for rule in mapping.fields.values()][1:]
    assert values == ["no", "on", "07", "1_000", None, "2026-01-01", "null"]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(read):
    content = b"\xef\xbb\xbf" + ACCOUNT.replace("\n", "\r\n").encode()
    assert read(account=content).problems == ()


def test_a_folder_that_is_not_there_or_holds_nothing_is_a_problem(tmp_path):
    assert "there is no such folder" in str(read_mappings(tmp_path / "none", {}).problems[0])
    assert "holds no mapping" in str(read_mappings(tmp_path, {}).problems[0])
    (tmp_path / "file").write_text("")
    assert "cannot be read as a folder" in str(read_mappings(tmp_path / "file", {}).problems[0])


def test_problems_name_the_file_relative_to_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "a.yaml").write_text("from: invoice\n")
    monkeypatch.chdir(tmp_path)
    for folder in (Path("mappings"), tmp_path / "mappings"):
        assert str(read_mappings(folder, {}).problems[0]).startswith("mappings/a.yaml:1:1: ")


def test_files_that_are_not_yaml_and_hidden_ones_are_left_alone(tmp_path, sources):
    (tmp_path / "account.yml").write_text(ACCOUNT)
    for name in ("mapping.schema.json", ".account.yaml", "notes.txt"):
        (tmp_path / name).write_text("?")
    assert [each.name for each in read_mappings(tmp_path, sources).mappings] == ["account"]


lines = GOOD.splitlines()
mutations = st.tuples(
    st.integers(0, len(lines) - 1), st.sampled_from(["drop", "rename", "quote", "indent", "colon", "cut"])
)


def mutated(text, line, how):
    whole = text.splitlines()
    if line >= len(whole):
        return text
    now = whole[line]
    whole[line] = {
        "drop": "",
        "rename": re.sub(r"([a-z_]{2})([a-z_]+):", r"\1x\2:", now, count=1),
        "quote": now + '"',
        "indent": " " + now,
        "colon": now.replace(":", "", 1),
        "cut": now[: len(now) // 2],
    }[how]
    return "\n".join(whole)


@settings(max_examples=100)
@given(st.lists(mutations, min_size=1, max_size=3))
def test_a_damaged_file_gives_problems_inside_the_file_and_never_an_exception(read, changes):
    text = GOOD
    for line, how in changes:
        text = mutated(text, line, how)
    shelf = read(invoices=text, account=ACCOUNT)
    assert len(shelf.mappings) + len(shelf.broken) == 2
    for problem in shelf.problems:
        assert 1 <= problem.line <= text.count("\n") + 2
        assert problem.column >= 1
        assert len(problem.text) < 1000


@settings(max_examples=60)
@given(st.sampled_from([at for at, line in enumerate(lines) if re.match(r"[a-z_]{3,}: ", line)]))
def test_a_renamed_key_is_reported_in_its_line(problems, line):
    found = problems(mutated(GOOD, line, "rename"), account=ACCOUNT)
    assert any(each.startswith(f"{line + 1}:1: unknown key") for each in found)


@settings(max_examples=100)
@given(st.text() | st.binary())
def test_any_file_gives_problems_and_never_an_exception(read, content):
    shelf = read(any=content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    assert shelf.mappings == ()
    assert len(shelf.problems) >= 1


@settings(max_examples=100)
@given(st.lists(mutations, max_size=3), st.text())
def test_what_the_quick_reader_of_yaml_takes_the_other_one_reads_alike(changes, more):
    text = f"{GOOD}\n# {more.splitlines()[0] if more.splitlines() else ''}\nlast: {{a: é b:c, d: [no, 07, ~, 'x']}}\n"
    for line, how in changes:
        text = mutated(text, line, how)
    quick, slow = Findings("a.yaml"), Findings("a.yaml")
    try:
        tree = _parsed(text, QUICK, quick)
    except yaml.YAMLError:
        return
    assert (tree, quick.problems) == (_parsed(text, yaml.BaseLoader, slow), slow.problems)
    assert quick.places == slow.places


def test_an_edit_that_does_not_show_outside_is_read(tmp_path, sources):
    file = tmp_path / "account.yaml"
    file.write_text(ACCOUNT)
    before, seen = read_mappings(tmp_path, sources), file.stat()

    file.write_text(ACCOUNT.replace("customer_id", "external_xx"))
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    assert file.stat().st_mtime_ns == seen.st_mtime_ns
    assert file.stat().st_size == seen.st_size
    assert before.problems == ()
    assert "external_xx" in str(read_mappings(tmp_path, sources).problems[0])


def test_files_that_say_the_same_as_before_are_not_understood_anew(tmp_path, sources):
    (tmp_path / "account.yaml").write_text(ACCOUNT)
    before = read_mappings(tmp_path, sources)
    (tmp_path / "account.yaml").write_text(ACCOUNT)
    assert read_mappings(tmp_path, sources) is before


def test_conversions_that_were_edited_are_run_again(tmp_path, sources):
    (tmp_path / "account.yaml").write_text(ACCOUNT)
    (tmp_path / "conversions.py").write_text("")
    assert read_mappings(tmp_path, sources).problems == ()
    (tmp_path / "conversions.py").write_text("1/0")
    assert "ZeroDivisionError" in str(read_mappings(tmp_path, sources).problems[0])
