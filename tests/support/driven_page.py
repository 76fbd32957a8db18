"""The page in a real browser, used as a person uses it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from support.chromium import QUIET, Proxy, chromium, proxy

__all__ = ["Driven", "Quiet", "Task", "browser"]

Side = Literal["active", "staging"]
Task = Literal["move", "compare", "check"]

_ENDS = (
    *("Planned", "Compared", "Checked", "Refused", "Stopped", "Now give", "Ready"),
    *("Python stopped while", "cannot be"),
)
_SECONDS = 60.0


class Driven:
    """A page that is open; `said` is what its console said, `asked` who was asked for anything."""

    def __init__(self, page: Page, nobody: Proxy) -> None:
        self.page = page
        self.nobody = nobody
        self.task: Task = "move"
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    @property
    def asked(self) -> list[str]:
        """Whom the page asked for anything over the network."""
        return self.nobody.asked

    # ---- What is seen

    @property
    def status(self) -> str:
        """What the page says that it is doing."""
        return self._text("#status")

    @property
    def verdict(self) -> str:
        """The heading of the answer."""
        return self._text(f"{self.panel} .verdict")

    @property
    def command(self) -> str:
        """The same on the command line."""
        return self._text(f"{self.panel} .command")

    @property
    def codes(self) -> list[str]:
        """The codes of the findings."""
        found: list[str] = self.page.locator(f"{self.panel} .findings b").all_inner_texts()
        return [text.strip() for text in found if text.strip().startswith("SR")]

    @property
    def panel(self) -> str:
        """The panel of the tab that is shown, as a selector."""
        return f"#{self.task}"

    def _text(self, selector: str) -> str:
        text: str = self.page.evaluate(f"document.querySelector('{selector}').textContent")
        return text

    # ---- What is done

    def settle(self, *ends: str) -> str:
        """Wait until the page has done what it does; return its status.

        The policy of the page forbids what Playwright's own waiting evaluates.
        """
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            if not self.page.evaluate("document.getElementById('main').matches('.busy')"):
                status = self.status
                if any(end in status for end in ends or _ENDS):
                    return status
            time.sleep(0.02)
        raise AssertionError(f"still: {self.status}")

    def give(self, side: Side, *paths: Path) -> str:
        """Choose folders and files with the pickers."""
        for path in paths:
            kind = "folder" if path.is_dir() else "files"
            self.page.set_input_files(f"#{side} .{kind}", path)
        return self.settle()

    def drop(self, side: Side, *paths: Path) -> str:
        """Drag folders and files from outside onto a side."""
        tools = self.page.context.new_cdp_session(self.page)
        zone = self.page.locator(f"#{side} .zone").bounding_box()
        assert zone is not None
        dragged = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            place = {"x": zone["x"] + 20, "y": zone["y"] + 20}
            tools.send("Input.dispatchDragEvent", {"type": kind, "data": dragged, **place})
        self.page.wait_for_timeout(100)  # until the files are listed
        return self.settle()

    def turn_to(self, task: Task) -> str:
        """Press a tab."""
        self.task = task
        self.page.click(f"#tab-{task}")
        return self.settle()

    def clear(self) -> None:
        """Take all files and options back."""
        self.page.evaluate("Object.keys(TASKS).forEach((task) => (chosen[task] = []))")
        self.page.evaluate("void (at('subject').value = 'both')")
        for side in ("active", "staging"):
            if self.page.locator(f"#{side} .clear").is_visible():
                self.page.click(f"#{side} .clear")
        self.turn_to("move")
        self.page.evaluate("update()")
        self.settle("Ready")

    def add(self, flag: str, value: str | None = None) -> str:
        """Add an option by the form."""
        if not self.page.locator(f"{self.panel} .flag").is_visible():
            self.page.click(f"{self.panel} .more summary")
        self.page.select_option(f"{self.panel} .flag", flag)
        if value is not None:
            self.page.fill(f"{self.panel} .value", value)
        self.page.click(f"{self.panel} .add button")
        return self.settle()

    def download(self, what: str) -> bytes:
        """Press the button of a download; return what comes."""
        with self.page.expect_download() as come:
            self.page.click(f"{self.panel} button[data-ask={what}]")
        return Path(come.value.path()).read_bytes()

    def document(self) -> dict[str, Any]:
        """Return the answer's JSON; also of one that is refused, for which there is no button."""
        text: str = self.page.evaluate(f"answers.{self.task}.document")
        found: dict[str, Any] = json.loads(text)
        return found

    def shoot(self, name: str, *, full: bool = True) -> None:
        """Keep a picture where SCREENSHOTS names a folder, for a person to look at."""
        if kept := os.environ.get("SCREENSHOTS"):
            self.page.screenshot(path=Path(kept, f"page-{name}.png"), full_page=full)


class Quiet:
    """A browser that talks to nobody."""

    def __init__(self, program: Browser, nobody: Proxy) -> None:
        self.program = program
        self.nobody = nobody

    @contextmanager
    def opened(self, page: Path, **context: Any) -> Iterator[Driven]:  # noqa: ANN401 (Playwright's)
        """Open a page from its file, with settings of its own."""
        with self.program.new_context(**context) as own:
            driven = Driven(own.new_page(), self.nobody)
            driven.page.goto(page.as_uri())
            yield driven


@contextmanager
def browser() -> Iterator[Quiet]:
    """Start a browser; Playwright has one at a time."""
    with proxy() as nobody, sync_playwright() as playwright:
        program = playwright.chromium.launch(
            executable_path=chromium(),
            args=[*QUIET, "--proxy-bypass-list=<-loopback>"],
            proxy={"server": f"127.0.0.1:{nobody.port}"},
        )
        yield Quiet(program, nobody)
        program.close()
