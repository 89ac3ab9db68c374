"""co2sf worker: keep workers warm that runs start in at once, for the profile fast."""

import click


@click.command()
@click.option(
    "--at-once", default=4, show_default=True, type=click.IntRange(min=1), help="Work on so many runs at once."
)
@click.option("--queue", default="dagster", show_default=True, help="Take the runs of this Celery queue.")
def worker(*, at_once: int, queue: str) -> None:
    """Work on runs in warm processes, until Ctrl-C.

    They have everything loaded already. Needs the profile fast in dagster.yaml, on each machine that works.
    Mappings are read anew for each run; after a change of code or settings start it again.
    """
    from pipelines.definitions import definitions
    from pipelines.orchestration.warm.worker import work

    work(at_once, queue, warm_up=definitions)
