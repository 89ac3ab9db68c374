"""The YAML language server that VS Code uses, asked as an editor asks it (LSP over stdin and stdout)."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Editor:
    """One session of an editor; documents are opened with the text they would have."""

    def __init__(self, server: subprocess.Popen[bytes], folder: Path) -> None:
        self._server, self._number = server, 0
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={
            "textDocument": {"completion": {"completionItem": {"documentationFormat": ["plaintext"]}}}
        })  # fmt: skip
        self._send("initialized", {})

    def open(self, path: Path, text: str) -> str:
        """Open a document; its address."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        return path.as_uri()

    def complaints(self, path: Path, text: str) -> list[str]:
        """What is underlined, as line: message."""
        uri = self.open(path, text)
        while uri not in self._diagnostics:
            self._read()
        return [f"{each['range']['start']['line'] + 1}: {each['message']}" for each in self._diagnostics.pop(uri)]

    def offers(self, path: Path, text: str) -> dict[str, str]:
        """What is offered where ``|`` stands, each with its documentation."""
        before, _, after = text.partition("|")
        uri = self.open(path, before + after)
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        found = self.ask("textDocument/completion", textDocument={"uri": uri}, position=position)
        items = found["items"] if isinstance(found, dict) else found or []
        return {each["label"]: str(each.get("documentation") or "") for each in items}

    def ask(self, method: str, **parameters: Any) -> Any:
        """A request's answer."""
        self._number += 1
        self._send(method, parameters, id=self._number)
        while (message := self._read()).get("id") != self._number or "method" in message:
            pass
        assert "error" not in message, message
        return message["result"]

    def _send(self, method: str, parameters: Any, **more: Any) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": parameters, **more})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        length = 0
        while line := self._server.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server ended"
        message = json.loads(self._server.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:  # it asks for settings: there are none
            items = message.get("params", {}).get("items", []) if isinstance(message.get("params"), dict) else []
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": [None] * len(items)})
        return message


@contextmanager
def editor(program: str, folder: Path) -> Iterator[Editor]:
    """An editor that has this folder open."""
    with subprocess.Popen([program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            yield Editor(server, folder)
        finally:
            server.kill()
