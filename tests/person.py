"""A person who logs in to the sandboxed Salesforce: opens a link, fills the forms in, presses a button."""

import re
import webbrowser
from collections.abc import Callable
from html import unescape

import requests
from playwright.sync_api import Page

USERNAME, PASSWORD = "loader@sandbox.example", "sandbox-password"


def button(page: requests.Response, step: str, **typed: str) -> requests.Response:
    """What follows when a button of a form is pressed; a redirect is not followed."""
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    (action,) = re.findall(r'action="([^"]*)"', page.text)
    host = "/".join(page.url.split("/")[:3])
    form = {unescape(name): unescape(value) for name, value in hidden} | typed | {"step": step}
    return requests.post(host + action, data=form, allow_redirects=False, timeout=30)


def answer(link: str, decision: str = "allow") -> str:
    """The address to which Salesforce sends the browser back."""
    page = button(requests.get(link, timeout=30), "login", username=USERNAME, password=PASSWORD)
    return button(page, decision).headers["Location"]


def allow(page: Page, link: str) -> None:
    """The same in a real browser, to the page that says that all is done."""
    page.goto(link)
    page.get_by_label("Username").fill(USERNAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log In").click()
    page.get_by_text("Perform requests at any time (refresh_token)").wait_for()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("heading", name="Salesforce has answered").wait_for()


class Person(webbrowser.BaseBrowser):
    """Stands where Python's webbrowser module expects a browser; ``does`` something with the link."""

    def __init__(self, does: Callable[[str], object]) -> None:
        super().__init__("person")
        self.does = does

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.does(url)
        return True
