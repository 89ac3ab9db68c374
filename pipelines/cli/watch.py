"""co2sf watch: what is saved in the mappings folder stands in the Dagster UI seconds later."""

import logging
from pathlib import Path

import click

from pipelines.cli.edited import Edited, contents_of, read_folder
from pipelines.cli.ending import until_told
from pipelines.cli.logs import log_to_stderr
from pipelines.cli.moments import moments
from pipelines.cli.ui import Ui
from pipelines.errors import Co2sfError, FixAccess, TryLater
from pipelines.settings import ProjectSettings, read_settings

_log = logging.getLogger(__name__)


@click.command()
@click.option("--ui", default="http://127.0.0.1:3000", show_default=True, help="The Dagster UI that is to reload.")
@click.option("--location", default="co2sf", show_default=True, help="Its code location, as workspace.yaml names it.")
def watch(*, ui: str, location: str) -> None:
    """Reload the Dagster UI whenever a mapping is saved.

    Until Ctrl-C. Says which files changed, what is broken and where, and what follows.
    """
    folder = read_settings(ProjectSettings).mappings
    if not folder.is_dir():
        raise FixAccess(f"environment: CO2SF_MAPPINGS: there is no folder {str(folder)!r}")
    log_to_stderr()
    with until_told():
        watcher = _Watcher(folder, Ui(ui, location))
        for _ in moments(folder):
            watcher.look()


class _Watcher:
    def __init__(self, folder: Path, ui: Ui) -> None:
        self._folder, self._ui = folder, ui
        self._shown = self._now = read_folder(folder)
        """What the UI shows, and what stands in the folder."""
        self._is_told = False
        _log.info("watching %s for the Dagster UI %s", folder, ui.url)

    def look(self) -> None:
        """Reload when the folder is not as the UI shows it."""
        if contents_of(self._folder) != self._now.contents:
            self._now, self._is_told = read_folder(self._folder), False
        if self._now.contents != self._shown.contents:
            self._reload(Edited(self._shown, self._now))

    def _reload(self, edited: Edited) -> None:
        try:
            self._ui.reload()
        except TryLater as error:
            self._tell_once(edited, f"not reloaded yet: {edited.words()}. {error}; it is tried again until it does")
            return
        except Co2sfError as error:
            self._tell_once(edited, f"{error} ({edited.words()})")
        else:
            _tell(logging.WARNING if edited.problems else logging.INFO, f"reloaded: {edited.words()}", edited)
        self._shown = self._now

    def _tell_once(self, edited: Edited, text: str) -> None:
        if not self._is_told:
            _tell(logging.WARNING, text, edited)
        self._is_told = True


def _tell(level: int, text: str, edited: Edited) -> None:
    """One line, and below it each problem; its parts beside it for machines."""
    parts = {"files": edited.files, "problems": edited.problems}
    _log.log(level, "\n  ".join([text, *edited.problems]), extra=parts)
