"""Make syncrules.html: the library in a page, with Python, for who can install nothing.

Usage: python tools/build_page.py WHEEL OUT, with Node and npm on the path. Pyodide is fetched once,
into build/, and checked against its hash.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bundling import in_megabytes, installed, licences, zipped

PYODIDE = "pyodide@314.0.7"
_INTEGRITY = (
    "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
)
"""Its SHA-512, as the registry has it."""

MOST_BYTES = 12_000_000
"""A larger page is not made."""

_ROOT = Path(__file__).parents[1]
_WEB = _ROOT / "web"
_PAGE = _WEB / "page"
SCRIPTS = (
    *("elements", "python", "given", "options", "findings", "tasks", "panels"),
    "begin",  # last: it runs what the others define
)
_BUILD = _ROOT / "build"

_POLICY = (
    "default-src 'none'; script-src 'sha256-{script}' 'wasm-unsafe-eval'; worker-src blob:; "
    "style-src {styles}; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)
"""The worker and the frames of reports inherit it; so it has the hashes of their styles, too."""

UNUSED = (
    *("_pyrepl", "ctypes", "multiprocessing", "sqlite3", "unittest", "wsgiref", "xmlrpc"),
    *("_pydatetime.py", "_pyio.py", "antigravity.py", "bdb.py", "cProfile.py", "compileall.py"),
    *("doctest.py", "fileinput.py", "ftplib.py", "imaplib.py", "mailbox.py", "modulefinder.py"),
    *("optparse.py", "pdb.py", "pickletools.py", "plistlib.py", "poplib.py", "profile.py"),
    *("pstats.py", "pyclbr.py", "pydoc.py", "rlcompleter.py", "shelve.py", "smtplib.py"),
    *("socketserver.py", "statistics.py", "tabnanny.py", "this.py", "timeit.py", "trace.py"),
    *("wave.py", "webbrowser.py", "zipapp.py"),
)
"""What of Python's own library nothing here imports."""


def build(wheel: Path) -> bytes:
    """Return the page's bytes."""
    with TemporaryDirectory() as made:
        package = pyodide(Path(made))
        site = installed(wheel)
        parts = {
            "worker.js": _worker(package),
            "pyodide-lock.json": _lock(package),
            "pyodide.asm.wasm": (package / "pyodide.asm.wasm").read_bytes(),
            "python_stdlib.zip": _compiled(package, _standard_library(package)),
            "site.zip": _compiled(package, _without_information(site) | _entry()),
        }
        return _page(parts, site)


# ---- Pyodide -------------------------------------------------------------------------------------


def pyodide(into: Path) -> Path:
    """Unpack Pyodide into a folder, and return where it is."""
    archive = _BUILD / f"{PYODIDE.replace('@', '-')}.tgz"
    if not archive.exists():
        _BUILD.mkdir(exist_ok=True)
        _run("npm", "pack", "--silent", "--pack-destination", str(_BUILD), PYODIDE)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != _INTEGRITY:
        sys.exit(f"{archive} is not the {PYODIDE} that is meant: its SHA-512 is {digest}.")
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter="data")
    return into / "package"


def _run(*words: str, cwd: str | None = None) -> None:
    subprocess.run(words, check=True, stdout=sys.stderr, cwd=cwd)


def _worker(package: Path) -> bytes:
    """Return the worker's script, with Pyodide's two modules before it.

    From file:// only a classic worker starts, and Pyodide says that it runs in none: it tries
    importScripts to find out. Its modules become functions, since such a worker has no modules.
    """
    module = _text(package / "pyodide.asm.mjs", {
        "export default _createPyodideModule;": "return _createPyodideModule;",
        "import.meta.url": '"https://nowhere.invalid/"',
    })  # fmt: skip
    loader = re.sub(r"\n//# sourceMappingURL=.*", "", _text(package / "pyodide.mjs", {}))
    loader, ends = re.subn(r"export\{(\w+) as loadPyodide,\w+ as version\};", r"return \1;", loader)
    if ends != 1 or "import.meta" in loader:
        sys.exit("Pyodide's loader is not as it was: see _worker.")
    return "\n".join(
        (
            "self.importScripts = undefined;",
            f'const createPyodideModule = (() => {{ "use strict";\n{module}\n}})();',
            f'const loadPyodide = (() => {{ "use strict";\n{loader}\n}})();',
            (_PAGE / "worker.js").read_text("utf-8"),
        )
    ).encode()


def _lock(package: Path) -> bytes:
    """Return what Pyodide is told of packages: for which Pyodide, and that there are none."""
    lock = json.loads((package / "pyodide-lock.json").read_bytes())
    return json.dumps({"info": lock["info"], "packages": {}}).encode()


def _text(path: Path, changes: Mapping[str, str]) -> str:
    """Return a file's text with changes, each of which must apply."""
    text = path.read_text("utf-8")
    for old, new in changes.items():
        if old not in text:
            sys.exit(f"{path.name} is not as it was: it has no {old!r}.")
        text = text.replace(old, new)
    return text


# ---- Python files --------------------------------------------------------------------------------


def _standard_library(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package / "python_stdlib.zip") as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if not name.endswith("/") and name.split("/", maxsplit=1)[0] not in UNUSED
        }


def _without_information(site: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in site.items() if ".dist-info/" not in path}


def _entry() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _WEB.glob("*.py")}


def _compiled(package: Path, files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP with compiled files: Python starts in half the time."""
    with TemporaryDirectory() as folder:
        given, made = Path(folder, "in.zip"), Path(folder, "out.zip")
        given.write_bytes(zipped(files, compressed=False))
        _run(
            "node",
            str(Path(__file__).with_name("compile.mjs")),
            str(package),
            str(given),
            str(made),
        )
        return made.read_bytes()


# ---- The page ------------------------------------------------------------------------------------


def _page(parts: Mapping[str, bytes], site: Mapping[str, bytes]) -> bytes:
    style = (_PAGE / "page.css").read_text("utf-8")
    script = "".join((_PAGE / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    packed = gzip.compress(b"".join(parts.values()), 9, mtime=0)
    sizes = json.dumps([[name, len(data)] for name, data in parts.items()])
    texts = licences(site)
    return _filled(
        (_PAGE / "page.html").read_text("utf-8"),
        {
            "policy": _POLICY.format(
                script=_sha256(script),
                styles=" ".join(
                    f"'sha256-{_sha256(one)}'" for one in (style, *_styles_of_reports(site))
                ),
            ),
            "style": style,
            "script": script,
            "version": html.escape(_version(site)),
            "contents": html.escape(", ".join(sorted({PYODIDE, "Python", *texts} - {"syncrules"}))),
            "licences": _licences(texts),
            "parts": html.escape(sizes),
            "pieces": base64.b64encode(packed).decode(),
        },
    ).encode()


def _filled(page: str, values: Mapping[str, str]) -> str:
    """Return the page with each of its places filled."""
    places = re.compile("|".join(f"{{{{ {name} }}}}" for name in values))
    return places.sub(lambda found: values[found.group()[3:-3]], page)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _version(site: Mapping[str, bytes]) -> str:
    found = re.search(rb'^__version__ = "(.*)"', site["syncrules/__init__.py"], re.MULTILINE)
    if found is None:
        sys.exit("The wheel's version is not where it was: see _version.")
    return found.group(1).decode()


def _licences(texts: Mapping[str, str]) -> str:
    own = (
        f"<p>{PYODIDE}: Mozilla Public License 2.0; its source is in the npm package of that name. "
        "Python: the licence of the Python Software Foundation.</p>"
    )
    return own + "".join(
        f"<h4>{html.escape(name)}</h4><pre>{html.escape(text)}</pre>"
        for name, text in sorted(texts.items())
    )


def _styles_of_reports(site: Mapping[str, bytes]) -> list[str]:
    """Return the styles of one report that is made: each report has some of them, and no others."""
    with TemporaryDirectory() as folder:
        for name, data in site.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        server, report = str(_ROOT / "samples" / "upgrade" / "before"), Path(folder, "report.html")
        words = ("compare", server, server, "--html", str(report))
        _run(sys.executable, "-m", "syncrules", *words, cwd=folder)
        return re.findall("<style>(.*?)</style>", report.read_text("utf-8"), re.DOTALL)


def main(wheel: str, out: str) -> None:
    """Write the page, and tell how large it is."""
    path, data = Path(out), build(Path(wheel))
    told = f"{path}: {in_megabytes(len(data))}"
    if len(data) > MOST_BYTES:
        sys.exit(f"{told}: more than is allowed.")
    path.write_bytes(data)
    print(told)


if __name__ == "__main__":
    main(*sys.argv[1:])
