"""The address on this machine to which Salesforce sends the browser back."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from pipelines.errors import Co2sfError, FixAccess

PATH = "/callback"
_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>co2sf</title></head>
<body style="font:18px sans-serif;max-width:32em;margin:4em auto"><h1>{title}</h1><p>{text}</p></body></html>"""
_ANSWERED = ("Salesforce has answered", "You may close this window. The terminal says whether the connection works.")
_NOT_OURS = ("Not this login", "This answer belongs to another login. Use the newest link that the terminal shows.")


def callback_url(port: int) -> str:
    """What is entered in Setup."""
    return f"http://localhost:{port}{PATH}"


class Callback:
    """A small server on 127.0.0.1 that waits for one answer; FixAccess when its port is in use."""

    def __init__(self, port: int, check: Callable[[str], None]) -> None:
        """``check`` raises when an answer is not ours; such answers get a page that says so, and are not given out."""
        self._answers: Queue[str] = Queue()
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self._answers, check))
        except OSError as error:
            raise FixAccess(
                f"connect: port {port} of this machine cannot be listened on ({error.strerror}); end what uses it, or "
                f"take another by --port N and enter {callback_url(0).replace(':0/', ':N/')} in the app"
            ) from None

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float) -> str | None:
        """The address with the answer; None when none came in time."""
        try:
            return self._answers.get(timeout=seconds)
        except Empty:
            return None


def _handler(answers: "Queue[str]", check: Callable[[str], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path != PATH:
                self.send_error(404)
                return
            try:
                check(self.path)
            except Co2sfError:
                self._show(400, *_NOT_OURS)
                return
            self._show(200, *_ANSWERED)
            answers.put(f"http://localhost{self.path}")

        def _show(self, status: int, title: str, text: str) -> None:
            body = _PAGE.format(title=title, text=text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the address holds the code."""

    return Handler
