"""The run launcher of the profile ``fast``: Celery's, with a folder for a queue unless a broker is named."""

from collections.abc import Mapping
from typing import Any, Self

from dagster._serdes import ConfigurableClassData
from dagster_celery.launcher import CeleryRunLauncher

from pipelines.orchestration.warm.folder import settings_of
from pipelines.settings import ProjectSettings, read_settings


class WarmRunLauncher(CeleryRunLauncher):
    """Hands runs to the workers that ``co2sf worker`` starts."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> Self:
        """Dagster's way to make one from ``dagster.yaml``; without ``broker`` the queue lies in the home folder."""
        config = dict(config_value)
        if not config.get("broker"):
            config |= settings_of(read_settings(ProjectSettings).home.resolve() / "queue")
        return cls(inst_data=inst_data, **config)

    def terminate(self, run_id: str) -> bool:
        """Stop a run; Celery's own would let it end as failed, and Dagster would start it again."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        self._instance.report_run_canceling(run)
        return bool(super().terminate(run_id))
