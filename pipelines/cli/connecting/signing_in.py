"""A person logs in in a browser, here or on another machine, while the command waits."""

import os
import sys
import webbrowser
from dataclasses import dataclass

import click

from pipelines.errors import FixAccess
from pipelines.salesforce.callback import Callback, callback_url
from pipelines.salesforce.session import Session
from pipelines.salesforce.web_flow import SCOPES, Granted, OtherLogin, WebFlow


@dataclass(frozen=True, slots=True)
class Browser:
    """How the person gets to Salesforce's page and back."""

    port: int
    opens: bool
    pastes: bool
    wait_seconds: float

    @property
    def callback(self) -> str:
        """The address to which Salesforce sends the browser."""
        return callback_url(self.port)

    def show_setup(self) -> None:
        """What must stand in the app."""
        first, *others = SCOPES.values()
        click.echo(
            "The app in Salesforce (Setup, External Client App Manager; docs/connect.md shows each screen) needs:"
        )
        click.echo(f"  Callback URL  {self.callback}")
        click.echo(f"  OAuth scopes  {first}")
        for scope in others:
            click.echo(f"                {scope}")


def signed_in(browser: Browser, login_url: str, client_id: str, secret: str | None) -> Granted:
    """What the person grants; FixAccess when nobody comes back in time."""
    with Session() as session:
        flow = WebFlow(login_url, client_id, secret, browser.callback, session)
        return flow.finish(_pasted(flow) if browser.pastes else _came_back(flow, browser))


def _came_back(flow: WebFlow, browser: Browser) -> str:
    strange: list[OtherLogin] = []

    def check(answered: str) -> None:
        try:
            flow.check_state(answered)
        except OtherLogin as other:
            strange.append(other)
            click.echo(f"co2sf: {other}", err=True)
            raise

    with Callback(browser.port, check) as callback:
        _show(flow.address, opens=browser.opens)
        click.echo(f"Waiting for Salesforce's answer at {browser.callback} ({browser.wait_seconds} seconds) ...")
        answered = callback.wait(browser.wait_seconds)
    if answered is None:
        raise strange[-1] if strange else _nobody_came(browser)
    return answered


def _nobody_came(browser: Browser) -> FixAccess:
    return FixAccess(
        f"connect: no answer came to {browser.callback} within {browser.wait_seconds} seconds; if Salesforce's page "
        "said redirect_uri_mismatch, enter exactly this callback URL in the app and wait some ten minutes; if the "
        "browser is on another machine, use --paste"
    )


def _pasted(flow: WebFlow) -> str:
    _show(flow.address, opens=False)
    click.echo("Log in there. The browser then goes to an address of localhost that it cannot open: that is meant so.")
    return str(click.prompt("Paste that whole address"))


def _show(address: str, *, opens: bool) -> None:
    if opens and _has_screen() and webbrowser.open(address):
        click.echo("The browser opens Salesforce's login page. If it does not, open this link:")
    else:
        click.echo("Open this link in a browser:")
    click.echo(f"\n{address}\n")


def _has_screen() -> bool:
    """Without one, a browser in the terminal might open."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in named)
