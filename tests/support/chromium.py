"""A headless Chromium that talks to nobody, and its pictures."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["QUIET", "Picture", "Proxy", "chromium", "proxy", "read_png", "start"]

_NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-default-apps", "--disable-extensions", "--metrics-recording-only"),
    *("--no-default-browser-check", "--no-pings", "--disable-domain-reliability"),
    *("--disable-client-side-phishing-detection", "--hide-scrollbars"),
    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,MediaRouter,Translate",
    # What the page and the browser say: errors of the page's policy are among it.
    *("--enable-logging=stderr", "--v=0"),
)


_OWN = frozenset(
    {
        *("accounts.google.com", "clients2.google.com", "update.googleapis.com"),
        *("optimizationguide-pa.googleapis.com", "safebrowsing.googleapis.com"),
    }
)
"""Whom the browser itself asks in spite of the above; here it gets no further than the proxy."""


def chromium() -> str | None:
    """Return the program that CHROMIUM names, else the first that is on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@dataclass
class Proxy:
    """A proxy that answers nobody; `lines` are the first lines that it was sent."""

    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """The lines that do not come from the browser itself."""
        return [line for line in self.lines if _host(line) not in _OWN]


def _host(line: str) -> str | None:
    target = line.split(" ")[1] if line.count(" ") > 1 else ""
    return urlsplit(target if "//" in target else f"//{target}").hostname


@contextmanager
def proxy() -> Iterator[Proxy]:
    """Listen on this computer only, and take down whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Proxy(listening.getsockname()[1])

        def listen() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(2)
                    try:
                        sent = connection.recv(2000).decode("latin-1")
                        if sent:  # else the browser was ended while it connected for itself
                            found.lines.append(sent.split("\r\n")[0])
                    except OSError:
                        found.lines.append("nothing was sent")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield found
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def start(program: str, folder: Path, port: int, *arguments: str, url: str) -> str:
    """Run the browser in a new profile until it has done; return what it logged."""
    profile = folder / "profile"
    shutil.rmtree(profile, ignore_errors=True)
    done = subprocess.run(
        [
            *(program, *QUIET, f"--user-data-dir={profile}"),
            *(f"--proxy-server=127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>"),
            *(*arguments, url),
        ],
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "HOME": str(folder)},
    )
    log = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, log
    return log


# ---- Pictures ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """A picture: its size, and how often its upper `rows` have each colour."""

    width: int
    height: int
    rows: int
    colours: Counter[tuple[int, int, int]]

    @property
    def ground(self) -> tuple[int, int, int]:
        """The colour that most of them have."""
        return self.colours.most_common(1)[0][0]


def read_png(data: bytes, most_rows: int = 600) -> Picture:
    """Read a picture of three or four bytes a pixel, without interlacing."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    assert (depth, interlaced) == (8, 0)
    size = {2: 3, 6: 4}[kind]
    colours: Counter[tuple[int, int, int]] = Counter()
    rows = _rows(zlib.decompress(_compressed(data)), width * size, height, size)
    for row in islice(rows, most_rows):
        colours.update(zip(row[0::size], row[1::size], row[2::size], strict=True))
    return Picture(width, height, min(height, most_rows), colours)


def _compressed(data: bytes) -> bytes:
    parts, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            parts.append(data[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(parts)


def _rows(raw: bytes, length: int, height: int, size: int) -> Iterator[bytearray]:
    above = bytearray(length)
    for at in range(0, height * (length + 1), length + 1):
        row = bytearray(raw[at + 1 : at + 1 + length])
        _unfilter(raw[at], row, above, size)
        yield row
        above = row


def _unfilter(kind: int, row: bytearray, above: bytearray, size: int) -> None:
    """Undo one of PNG's five filters, in place."""
    if kind == 2 and any(above):
        row[:] = bytes((a + b) & 255 for a, b in zip(row, above, strict=True))
    elif kind in (1, 3, 4):
        for i in range(len(row)):
            left = row[i - size] if i >= size else 0
            corner = above[i - size] if i >= size else 0
            guess = {1: left, 3: (left + above[i]) // 2, 4: 0}[kind]
            if kind == 4:
                guess = _nearest(left, above[i], corner)
            row[i] = (row[i] + guess) & 255


def _nearest(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))
