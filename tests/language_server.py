"""A YAML language server driven over stdio, as an editor drives it: open a file, see what it says, ask for words."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BOUND_SECONDS = 60  # for one answer: a machine that is busy, not one that hangs
SETTINGS = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}


def command() -> list[str]:
    """The server's command; without it the test is skipped."""
    found = shutil.which("yaml-language-server")
    if found is None or shutil.which("node") is None:
        pytest.skip("yaml-language-server is not on the PATH (npm install yaml-language-server, with Node)")
    return [found, "--stdio"]


class Server:
    """The client's end of the protocol: JSON behind a header with its length."""

    def __init__(self, process: subprocess.Popen[bytes], root: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.stdin, self.stdout = process.stdin, process.stdout
        self.last = 0
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.ask("initialize", {"processId": os.getpid(), "rootUri": root.as_uri(), "capabilities": CAPABILITIES})
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def open(self, folder: Path, text: str) -> Path:
        """Opens a text as a new file of the folder, which need not exist: its path."""
        self.last += 1
        path = folder / f"opened_{self.last}.yaml"
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return path

    def says(self, path: Path) -> list[tuple[int, str]]:
        """What the server finds wrong in an open file: line (from 1) and sentence, in order."""
        while path.as_uri() not in self.diagnostics:
            self._take()
        return sorted((d["range"]["start"]["line"] + 1, d["message"]) for d in self.diagnostics[path.as_uri()])

    def at(self, method: str, path: Path, line: int, column: int) -> Any:
        """The answer for a place (both from 0), such as that of textDocument/hover."""
        place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}
        return self.ask(method, place)

    def ask(self, method: str, params: Any) -> Any:
        self.last += 1
        self._send({"id": self.last, "method": method, "params": params})
        while True:
            message = self._take()
            if message.get("id") == self.last and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.stdin.flush()

    def _take(self) -> dict[str, Any]:
        """The next message; what the server asks of its client is answered on the way."""
        deadline = time.monotonic() + BOUND_SECONDS
        length = 0
        while (line := self._read(deadline)) != b"\r\n":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        body = b""
        while len(body) < length:  # a pipe gives what it has
            body += self.stdout.read(length - len(body))
        message: dict[str, Any] = json.loads(body)
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            asked = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
            result = None if asked is None else [SETTINGS.get(item["section"], {}) for item in asked]
            self._send({"id": message["id"], "result": result})
        return message

    def _read(self, deadline: float) -> bytes:
        ready, _, _ = select.select([self.stdout], [], [], max(0, deadline - time.monotonic()))
        line = self.stdout.readline() if ready else b""
        assert line, "the server says nothing"
        return line


CAPABILITIES = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["plaintext", "markdown"], "snippetSupport": False}},
        "hover": {"contentFormat": ["plaintext", "markdown"]},
    },
}


@contextmanager
def running(root: Path) -> Iterator[Server]:
    """A server that lives as long as the block."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command(), cwd=root, bufsize=0, **pipes) as process:
        try:
            yield Server(process, root)
        finally:
            process.kill()
