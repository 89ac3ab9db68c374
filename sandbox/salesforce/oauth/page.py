"""The pages that a person sees: the login, the question whether the app may, and what is wrong with a request."""

from collections.abc import Mapping
from html import escape

_FRAME = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Salesforce sandbox</title>
<style>body{{font:16px sans-serif;background:#f4f6f9}}main{{max-width:24em;margin:4em auto;padding:2em;background:#fff}}
input{{display:block;width:100%;margin:.3em 0 1em;padding:.5em}}button{{padding:.6em 1.4em}}</style>
</head><body><main><h1>{title}</h1>{body}</main></body></html>"""

SCOPE_TEXTS = {
    "api": "Manage user data via APIs",
    "refresh_token": "Perform requests at any time",
    "offline_access": "Perform requests at any time",
}
"""As Setup and the question call them (published)."""


def login_page(hidden: Mapping[str, str], problem: str = "") -> str:
    """Username and password; a real page shows the problem the same way (inferred)."""
    said = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    fields = (
        '<label>Username <input name="username" autocomplete="username" required></label>'
        '<label>Password <input name="password" type="password" autocomplete="current-password" required></label>'
        '<button name="step" value="login">Log In</button>'
    )
    return _page("Log in", said + _form(hidden, fields))


def consent_page(hidden: Mapping[str, str], scopes: tuple[str, ...], username: str) -> str:
    """Which rights the app asks for, and two buttons."""
    rights = "".join(f"<li>{escape(SCOPE_TEXTS.get(name, name))} ({escape(name)})</li>" for name in scopes)
    fields = '<button name="step" value="allow">Allow</button> <button name="step" value="deny">Deny</button>'
    text = f"<p>The app asks, for {escape(username)}, to:</p><ul>{rights}</ul>"
    return _page("Allow access?", text + _form(hidden, fields))


def error_page(error: str, description: str) -> str:
    """A request that cannot be sent back to the app: the person reads why (text verified for redirect_uri_mismatch)."""
    return _page("OAuth Error", f"<p>error={escape(error)}&amp;error_description={escape(description)}</p>")


def _form(hidden: Mapping[str, str], fields: str) -> str:
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    )
    return f'<form method="post" action="/services/oauth2/authorize">{kept}{fields}</form>'


def _page(title: str, body: str) -> str:
    return _FRAME.format(title=escape(title), body=body)
