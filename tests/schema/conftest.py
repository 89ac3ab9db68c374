"""The recommended schema as its XML files say it, read once."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest

SCHEMA = Path(__file__).parents[2] / "schema"
NAMESPACE = {"": "http://soap.sforce.com/2006/04/metadata"}


@dataclass(frozen=True, slots=True)
class Part:
    """One metadata file: a field, an object or a permission set."""

    path: Path
    root: ET.Element

    @property
    def stem(self):
        return self.path.name.partition(".")[0]

    @property
    def sobject(self):
        return self.path.parents[1].name if self.path.parent.name == "fields" else self.path.parent.name

    @property
    def tags(self):
        return [child.tag.partition("}")[2] for child in self.root]

    def __getitem__(self, path):
        return self.root.findtext(path, default="", namespaces=NAMESPACE)

    def every(self, path):
        return [each.text or "" for each in self.root.findall(path, NAMESPACE)]

    def groups(self, path):
        return [
            {child.tag.partition("}")[2]: child.text or "" for child in group}
            for group in self.root.findall(path, NAMESPACE)
        ]


def read(pattern):
    return [Part(path, ET.parse(path).getroot()) for path in sorted(SCHEMA.glob(pattern))]


@pytest.fixture(scope="session")
def project():
    return SCHEMA / "sfdx-project.json"


@pytest.fixture(scope="session")
def fields():
    return read("force-app/main/default/objects/*/fields/*.field-meta.xml")


@pytest.fixture(scope="session")
def objects():
    return read("force-app/main/default/objects/*/*.object-meta.xml")


@pytest.fixture(scope="session")
def permission_set():
    (only,) = read("force-app/main/default/permissionsets/*.permissionset-meta.xml")
    return only
