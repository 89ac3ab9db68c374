"""Every error text of the schema commands has a heading in the docs that says what to do."""

from pathlib import Path

from headings import headings, texts

root = Path(__file__).parents[1]
pipelines = root / "pipelines"
files = [
    *(pipelines / "schema").glob("*.py"),
    *(pipelines / "cli" / "schema").glob("*.py"),
    *(pipelines / "salesforce" / name for name in ("deploy.py", "granting.py")),
]


def test_each_error_of_the_schema_commands_has_a_heading():
    known = headings(root / "docs" / "troubleshooting-schema.md")
    found = [text for path in files for text in texts(path) if text != "XX"]  # a problem of a mapping, as check has it
    assert len(found) > 10
    assert [text for text in found if not any(each.search(text) for each in known)] == []
