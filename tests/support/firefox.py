"""A headless Firefox, driven by its own protocol, Marionette: JSON over a socket."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Firefox", "firefox", "started"]

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element in answers, from the WebDriver standard."""
_SECONDS = 60.0


def firefox() -> str | None:
    """Return the program that is on the path."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """A browser that is connected."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._number = 0
        self._read()  # its greeting
        self.ask("WebDriver:NewSession")

    def ask(self, command: str, **parameters: Any) -> Any:  # noqa: ANN401 (as JSON is)
        """Send a command; return the value of its answer."""
        self._number += 1
        text = json.dumps([0, self._number, command, parameters]).encode()
        self._connection.sendall(b"%d:%b" % (len(text), text))
        _, number, error, result = self._read()
        assert (number, error) == (self._number, None), error
        return result.get("value") if isinstance(result, dict) else result

    def _read(self) -> Any:  # noqa: ANN401
        length = b""
        while not length.endswith(b":"):
            length += self._connection.recv(1)
        left, text = int(length[:-1]), b""
        while len(text) < left:
            text += self._connection.recv(left - len(text))
        return json.loads(text)

    def element(self, selector: str) -> str:
        """Return an element's number."""
        found = self.ask("WebDriver:FindElement", using="css selector", value=selector)
        return str(found[_ELEMENT])

    def text(self, selector: str) -> str:
        """Return the text of an element, shown or not."""
        script = f"return document.querySelector('{selector}').textContent"
        return str(self.ask("WebDriver:ExecuteScript", script=script, args=[]))

    def settle(self, *ends: str) -> str:
        """Wait until the page's status has one of some words; return it."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            status = self.text("#status")
            if any(end in status for end in ends):
                return status
            time.sleep(0.1)
        raise AssertionError(f"still: {status}")

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files with a picker."""
        text = "\n".join(map(str, files))
        self.ask("WebDriver:ElementSendKeys", id=self.element(selector), text=text)

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.ask("WebDriver:ElementClick", id=self.element(selector))


@contextmanager
def started(program: str, folder: Path, proxy_port: int) -> Iterator[Firefox]:
    """Start the browser with a new profile; what it downloads goes to `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    profile = folder / "profile"
    profile.mkdir()
    preferences = {
        "marionette.port": port,
        "browser.download.folderList": 2,
        "browser.download.dir": str(folder),
        "browser.download.alwaysOpenPanel": False,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": proxy_port,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": proxy_port,
    }
    lines = (f'user_pref("{name}", {json.dumps(value)});' for name, value in preferences.items())
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    words = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    log = (folder / "firefox.log").open("wb")
    with log, subprocess.Popen(words, stdout=log, stderr=log) as running:
        try:
            with _connected(port) as connection:
                yield Firefox(connection)
        finally:
            running.terminate()
            running.wait(20)


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + _SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
