"""A man in the middle: passes calls on to a server, and lets a test act, edit the answer, or break the connection."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import requests


class Between:
    """An HTTP server on a free port in front of another one; ``before`` and ``edit`` see path and query."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda path: None
        self.edit: Callable[[str, bytes], bytes] = lambda path, body: body
        self.left: int | None = None
        """How many calls still get through; then the keys are refused. None: all."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(
        self, method: str, path: str, headers: dict[str, str], asked: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        self.before(path)
        if self.left is not None:
            if self.left <= 0:
                return 401, {"Content-Type": "application/json"}, b'{"code":401,"message":"No.","response":false}'
            self.left -= 1
        passed = {name: headers[name] for name in ("Authorization", "Content-Type") if name in headers}
        answer = requests.request(method, self.target + path, data=asked, headers=passed, timeout=30)
        kept = {name: answer.headers[name] for name in ("Content-Type", "Date") if name in answer.headers}
        return answer.status_code, kept, self.edit(path, answer.content)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body leave together: the second of two small packets waits 40 ms for an answer

            def do_GET(self) -> None:
                asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers, body = between._answer(self.command, self.path, dict(self.headers), asked)
                self.send_response_only(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - as the base class calls it

            def log_message(self, *_: Any) -> None:
                return

        return Handler
