"""The command line as people call it, in this process; and a folder of mappings that a test may edit."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

shipped = Path(__file__).parent.parent.parent / "mappings"


@dataclass(frozen=True)
class Told:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@pytest.fixture
def co2sf(monkeypatch, capfd):
    """Call a command; what it printed so far is dropped."""
    from pipelines.cli import main

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["co2sf", *map(str, words)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        return Told(ended.value.code or 0, *capfd.readouterr())

    return call


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A copy of the shipped mappings."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for path in shipped.glob("*.yaml"):
        shutil.copy(path, folder)
    monkeypatch.setenv("CO2SF_MAPPINGS", str(folder))
    return folder


@pytest.fixture
def live(world, shelf, monkeypatch):
    """Both vendors, and the editable mappings."""
    monkeypatch.setenv("CO2SF_MAPPINGS", str(shelf))
    shutil.copy(shipped.parent / "dagster_home" / "dagster.yaml", world.home)
    return shelf
