"""A person at a terminal: reads what a command asks, and types answers."""

import os
import pty
import re
import subprocess
from typing import Self

from sandbox.companions import program


class Terminal:
    """A command in a process of its own, on a pseudo terminal; it is ended at the end."""

    def __init__(self, *words: object) -> None:
        self.shown = ""
        self._ours, theirs = pty.openpty()
        name, *others = map(str, words)
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        self._process = subprocess.Popen([program(name), *others], text=True, start_new_session=True, **streams)
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def until(self, text: str) -> str:
        """Read until this pattern is shown; what it matched."""
        while not (found := re.search(text, self.shown)):
            self.shown += os.read(self._ours, 65536).decode()
        return found[0]

    def answer(self, question: str, text: str) -> None:
        """Type this once the question, a pattern, is shown."""
        self.until(question)
        os.write(self._ours, f"{text}\n".encode())

    def code(self) -> int:
        """The exit code."""
        return self._process.wait(timeout=60)
