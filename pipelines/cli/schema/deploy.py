"""co2sf schema deploy: the folder goes into the org, checked first, all of it or nothing."""

import sys
from pathlib import Path

import click

from pipelines.cli.schema.deploying import follow
from pipelines.cli.schema.org import opened_org
from pipelines.errors import EditFile, FixAccess
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.problem import shown
from pipelines.salesforce.deploy import Deployment
from pipelines.salesforce.org import Org
from pipelines.schema.package import Package, packed
from pipelines.settings import SalesforceSettings, read_settings
from pipelines.sync.fitting import forget


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("schema"))
@click.option("--check-only", is_flag=True, help="Only let Salesforce check it: nothing changes.")
@click.option("--yes", is_flag=True, help="Deploy without asking when the check has gone well.")
@click.option("--assign", is_flag=True, help="Give the permission sets to the user that deploys, too.")
@click.option("--resume", "deployment_id", default="", metavar="ID", help="Look how a deployment gets on or ended.")
@click.pass_context
def deploy(
    context: click.Context, *, folder: Path, check_only: bool, yes: bool, assign: bool, deployment_id: str
) -> None:
    """Check a folder of metadata in Salesforce, and deploy it.

    The folder is one in source format (default: schema). When the check has gone well you are asked; then all of it
    lands, or nothing.

    Nothing is ever deleted. A deployment goes on in Salesforce when this command is ended; a second one does no harm.
    Exit code 1 when Salesforce does not take something.
    """
    package = packed(folder, read_settings(SalesforceSettings).api_version)
    for path in package.left_out:
        click.echo(f"{shown(path)}: left out; only objects, fields and permission sets are deployed", err=True)
    with opened_org() as (org, ledger):
        if deployment_id:
            ended = follow(org.deployments, org.deployments.look(deployment_id), package)
        else:
            ended = _deployed(org, package, check_only=check_only, yes=yes)
        if ended.success and not ended.check_only:
            _finish(org, ledger, package, ended, assign=assign)
    context.exit(0 if ended.success else 1)


def _deployed(org: Org, package: Package, *, check_only: bool, yes: bool) -> Deployment:
    if not (check_only or yes or sys.stdin.isatty()):
        raise EditFile("schema deploy: nobody is here to say yes; write --yes, or --check-only to change nothing")
    archive, host = package.zipped(), read_settings(SalesforceSettings).url.host
    click.echo(f"{package.words} for org {org.org_id()} at {host}")
    ended = _run(org, package, archive, check_only=True)
    if check_only or not ended.success:
        return ended
    if not yes:
        click.confirm(f"Deploy this to org {org.org_id()} at {host}?", abort=True)
    return _run(org, package, archive, check_only=False)


def _run(org: Org, package: Package, archive: bytes, *, check_only: bool) -> Deployment:
    begun = org.deployments.start(archive, check_only=check_only)
    return follow(org.deployments, begun, package)


def _finish(org: Org, ledger: Ledger, package: Package, ended: Deployment, *, assign: bool) -> None:
    """The next run looks at the objects anew; rights count from when the user has the permission set."""
    for name in {each.partition(".")[0] for members in package.components.values() for each in members}:
        forget(ledger, name)
    for name in package.permission_sets:
        if not assign:
            click.echo(f"Give {name} to the user that syncs, if it has not got it yet: --assign, or in Setup.")
        elif not ended.user_id:
            raise FixAccess(f"Salesforce does not say who deploys; assign {name} in Setup")
        else:
            is_new = org.assign(name, ended.user_id)
            click.echo(f"{name} is assigned to the user that deploys{'' if is_new else ' already'}.")
