"""The library's page against the code: its examples print what it says, its reference is whole.

`python tests/test_library_page.py` puts what is printed now into the page; read the difference
before you keep it.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import inspect
import io
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

import syncrules
from support.builders import out_of_box, rule, run
from syncrules.files import MAX_FILE_BYTES, Paths
from syncrules.rules.enumerations import DIRECTIONS, FLOW_TYPES, LINK_TYPES, VALUE_MERGE_TYPES
from syncrules.script.source import ENCODINGS, UNDECLARED

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "library.md"
LINES = PAGE.read_text(encoding="utf-8").split("\n")
SAMPLES = ("samples/swing", "samples/forests")
"""What the examples read."""

PUBLIC = {name: getattr(syncrules, name) for name in syncrules.__all__}
FUNCTIONS = {name: value for name, value in PUBLIC.items() if inspect.isfunction(value)}
CLASSES = {name: value for name, value in PUBLIC.items() if inspect.isclass(value)}
ALIASES = {name: value for name, value in CLASSES.items() if value.__name__ != name}


# ---- The page ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fence:
    """A fenced block: its word, its first line and the line after its last."""

    word: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return "\n".join(LINES[self.start : self.end])


def _fences() -> Iterator[Fence]:
    opened: tuple[str, int] | None = None
    for number, line in enumerate(LINES):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = line[3:], number + 1
        else:
            yield Fence(*opened, number)
            opened = None
    assert opened is None, "a block is not closed"


FENCES = tuple(_fences())
EXAMPLES = tuple(fence for fence in FENCES if fence.word == "python")


def printed_below(example: Fence) -> Fence | None:
    """Return the block that shows what an example prints: the next one, with no text between."""
    after = next((fence for fence in FENCES if fence.start > example.end), None)
    if after is None or after.word != "text" or any(LINES[example.end + 1 : after.start - 1]):
        return None
    return after


def _sections() -> Iterator[tuple[str, list[str]]]:
    """Yield each public name that the page has a heading for, with the lines below it."""
    at = [n for n, line in enumerate(LINES) if line.startswith(("# ", "## ", "### "))]
    for start, end in zip(at, [*at[1:], len(LINES)], strict=True):
        found = re.fullmatch(r"### `(\w+)`", LINES[start])
        if found:
            yield found.group(1), LINES[start + 1 : end]


SECTIONS = dict(_sections())


def bullets(section: list[str]) -> list[str]:
    """Return the items of a section's lists, each in one line."""
    items: list[str] = []
    for line in section:
        if line.startswith("- "):
            items.append(line[2:])
        elif line.startswith("  ") and items:
            items[-1] += f" {line.strip()}"
        elif line:
            items.append("")  # what is indented below a paragraph is of no item
    return [item for item in items if item]


def words(name: str) -> str:
    """Return what a section says, without its blocks, in one line."""
    outside = re.sub(r"```.*?```", "", "\n".join(SECTIONS[name]), flags=re.DOTALL)
    return " ".join(outside.split())


def members(name: str) -> list[str]:
    """Return the members that a section describes, as it writes them; all have words."""
    found = [re.fullmatch(r"`([^`]+)`: \S.*", item) for item in bullets(SECTIONS[name])]
    assert all(found), f"{name} has an item that is of no member"
    return [match.group(1) for match in found if match]


# ---- The code ------------------------------------------------------------------------------------


def _type(annotation: Any) -> str:  # noqa: ANN401
    """Return a type as the code writes it; named tuples keep it wrapped."""
    return str(getattr(annotation, "__forward_arg__", annotation))


def _parameter(parameter: inspect.Parameter) -> str:
    hint = "" if parameter.annotation is parameter.empty else f": {_type(parameter.annotation)}"
    default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
    return f"{parameter.name}{hint}{default}"


def _signature(name: str, function: Callable[..., object], *, method: bool = False) -> str:
    """Return a function's signature from `inspect.signature`; a method's without self."""
    signature = inspect.signature(function)
    shown: list[str] = []
    for parameter in [*signature.parameters.values()][method:]:
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        shown.append(_parameter(parameter))
    return f"{name}({', '.join(shown)}) -> {_type(signature.return_annotation)}"


def _own_members(public: type) -> Iterator[str]:
    """Yield what a public class has, as the page has to write it."""
    if issubclass(public, Enum) and public is not syncrules.Code:
        yield from (f"{member.name} = {member.value!r}" for member in public)
    if issubclass(public, Exception):
        if "__init__" in vars(public):
            parameters = [*inspect.signature(public).parameters.values()]
            yield from map(_parameter, parameters)
        return
    defaults: dict[str, object] = dict(getattr(public, "_field_defaults", {}))
    if is_dataclass(public):
        defaults = {f.name: f.default for f in fields(public) if f.default is not MISSING}
    for name, annotation in inspect.get_annotations(public).items():
        default = f" = {defaults[name]!r}" if name in defaults else ""
        yield f"{name}: {_type(annotation)}{default}"
    for name, value in vars(public).items():
        if name.startswith("_"):
            continue
        if isinstance(value, property | cached_property):
            getter: Any = value.fget if isinstance(value, property) else value.func
            yield f"{name}: {_type(inspect.signature(getter).return_annotation)}"
        elif inspect.isfunction(value):
            yield _signature(name, value, method=True)


def plain(member: str) -> str:
    """Return a member in one spelling: quotes and blanks are Python's own."""
    if "->" in member:
        return ast.unparse(ast.parse(f"def {member}: ..."))
    return ast.unparse(ast.parse(member))


# ---- The examples --------------------------------------------------------------------------------


@cache
def outputs() -> dict[int, str]:
    """Run the examples one after the other; return what each prints, by its first line."""
    found: dict[int, str] = {}
    names: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for sample in SAMPLES:
            shutil.copytree(ROOT / sample, Path(folder, sample))
        with contextlib.chdir(folder):
            for example in EXAMPLES:
                # The lines of a traceback are those of the page.
                code = "\n" * example.start + example.text
                with contextlib.redirect_stdout(io.StringIO()) as out:
                    exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102
                found[example.start] = out.getvalue().removesuffix("\n")
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"line {e.start}")
def test_an_example_prints_what_the_page_shows(example: Fence) -> None:
    below = printed_below(example)
    assert outputs()[example.start] == (below.text if below else "")


def test_every_block_is_an_example_or_its_output_or_a_signature() -> None:
    assert {fence.word for fence in FENCES} == {"python", "text", "pyi"}
    shown = [below for example in EXAMPLES if (below := printed_below(example))]
    assert shown == [fence for fence in FENCES if fence.word == "text"]
    assert len(EXAMPLES) > 10
    assert all(fence.text for fence in FENCES)


def test_the_examples_use_public_names_only() -> None:
    tree = ast.parse("\n".join(example.text for example in EXAMPLES))
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "syncrules"
    }
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert FUNCTIONS.keys() <= used <= {*syncrules.__all__}
    assert not [module for module in modules if module and module.startswith("syncrules")]


# ---- The reference -------------------------------------------------------------------------------


def test_every_public_name_is_described_once_and_no_other() -> None:
    named = [match for line in LINES if (match := re.fullmatch(r"### `(.+)`", line))]
    assert Counter(match.group(1) for match in named) == Counter(syncrules.__all__)


def test_every_name_that_the_page_takes_from_the_package_is_there() -> None:
    named = set(re.findall(r"\bsyncrules\.(\w+)", "\n".join(LINES)))
    assert {"__all__", "__version__"} <= named
    assert named <= {*dir(syncrules), "__all__"}


VARIABLES = {
    "export": syncrules.Export,
    "finding": syncrules.Diagnostic,
    "kit": syncrules.Kit,
    "pair": syncrules.Pair,
    "plan": syncrules.Plan,
}
"""What the page calls a value of a class."""


def test_every_member_that_the_page_mentions_is_there() -> None:
    known = {**CLASSES, **VARIABLES}
    names = {name: {re.split(r"\W", m)[0] for m in _own_members(c)} for name, c in known.items()}
    names["Code"] |= {code.name for code in syncrules.Code}
    mentioned = re.findall(r"(?<![\w./])(\w+)\.(\w+)", "\n".join(LINES))
    named = [(name, member) for name, member in mentioned if name in known]
    assert {("Source", "text"), ("plan", "output"), ("export", "replace")} <= {*named}
    assert [pair for pair in named if pair[1] not in names[pair[0]]] == []


def test_the_functions_stand_first_then_the_values_then_the_errors() -> None:
    def group(name: str) -> int:
        return 0 if name in FUNCTIONS else 2 if issubclass(CLASSES[name], Exception) else 1

    groups = [group(name) for name in SECTIONS]
    assert groups == sorted(groups)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_signature_of_a_function_is_that_of_the_code(name: str) -> None:
    (stub,) = re.findall(r"```pyi\n(.*?)\n```", "\n".join(SECTIONS[name]), re.DOTALL)
    assert ast.unparse(ast.parse(stub)) == plain(_signature(name, FUNCTIONS[name]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_of_a_function_is_described(name: str) -> None:
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    optional = [p.name for p in parameters if p.default is not p.empty]
    shared = ["encoding"] if name == "read_server" else []  # it is that of `read_exports`
    assert [p for p in optional if f"`{p}`" not in words(name)] == shared


@pytest.mark.parametrize("name", [n for n in CLASSES if n not in ALIASES])
def test_the_members_of_a_class_are_those_of_the_code(name: str) -> None:
    of_page = [plain(member) for member in members(name)]
    of_code = [plain(member) for member in _own_members(CLASSES[name])]
    assert of_page == of_code


def test_an_alias_names_what_it_stands_for_and_has_no_members() -> None:
    assert set(ALIASES) == {"SyntaxRefused"}
    for name, value in ALIASES.items():
        assert f"`{value.__name__}`" in words(name)
        assert members(name) == []


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_begins_with_words(name: str) -> None:
    assert re.match(r"(?:[A-Z]|`).*?\w.*?[.:]( |$)", words(name).partition(" - `")[0])


def _raising() -> Iterator[tuple[str, str]]:
    """Yield each error that a docstring promises, with the section that has to name it."""
    for name, value in PUBLIC.items():
        own = [value] if name in FUNCTIONS else [m for m in vars(value).values() if callable(m)]
        for function in own:
            for error in re.findall(r"\bRaises (\w+)", inspect.getdoc(function) or ""):
                yield name, error


@pytest.mark.parametrize(("name", "error"), sorted({*_raising()}))
def test_every_error_that_a_docstring_promises_is_described(name: str, error: str) -> None:
    assert f"`{error}`" in words(name)


def test_the_errors_that_are_promised_are_found() -> None:
    assert {("make_kit", "PlanRefused"), ("parse", "TypeError"), ("Export", "EditRefused")} <= {
        *_raising()
    }


def _types() -> Iterator[str]:
    """Yield the names in all types of functions, methods, fields and properties."""
    for name, value in PUBLIC.items():
        own = [_signature(name, value)] if name in FUNCTIONS else _own_members(value)
        for node in (n for member in own for n in ast.walk(ast.parse(plain(member)))):
            annotation = getattr(node, "annotation", None) or getattr(node, "returns", None)
            for inner in ast.walk(annotation) if annotation else ():
                if isinstance(inner, ast.Name):
                    yield inner.id


def test_every_type_in_the_reference_is_public_or_well_known_or_explained() -> None:
    beside = {*_types()} - {*PUBLIC, *dir(builtins), "Iterable", "Iterator", "Mapping"}
    assert beside == {"Paths", "Spanned", "Row", "Command", "Literal", "Value", "Statement"}
    start = LINES.index("### Types without a public name")
    explained = " ".join(LINES[start : LINES.index("## Exports")])
    assert [name for name in sorted(beside) if f"`{name}`" not in explained] == []
    paths = re.sub(r"\b[\w.]+\.", "", str(Paths))
    assert f"`Paths` is `{paths}`" in explained


# ---- Facts ---------------------------------------------------------------------------------------


def test_the_encodings_are_those_that_are_read() -> None:
    text = words("parse")
    listed = text[text.index("One of ") : text.index("Without it")]
    assert re.findall(r"`([^`]+)`", listed) == [*ENCODINGS]
    for encoding in ENCODINGS:
        assert syncrules.parse(b"# x\n", encoding=encoding).source.encoding == encoding
    with pytest.raises(LookupError):
        syncrules.parse(b"\xff", encoding="none")
    assert syncrules.parse(b"# \xff").source.encoding == UNDECLARED
    assert f"`{UNDECLARED}`" in words("Source")


def test_the_words_of_a_rule_are_those_that_are_known() -> None:
    rule_words = words("SyncRule")
    flow_words = words("AttributeFlowMapping")
    assert [word for word in (*DIRECTIONS, *LINK_TYPES) if f"`{word}`" not in rule_words] == []
    assert [w for w in (*FLOW_TYPES, *VALUE_MERGE_TYPES) if f"`{w}`" not in flow_words] == []


def test_the_largest_file_is_the_one_that_is_said() -> None:
    assert f"{MAX_FILE_BYTES // 1024 // 1024} MiB" in words("read_exports")


def test_what_cannot_be_hashed_and_what_compares_by_identity_is_said() -> None:
    made = (*export_server_plan_kit(), syncrules.compare(syncrules.Server(), syncrules.Server()))
    unhashable = set()
    for value in made:
        try:
            hash(value)
        except TypeError:
            unhashable.add(type(value).__name__)
    assert unhashable == {"Server", "Plan", "Kit", "Comparison"}
    identical = {n for n, c in CLASSES.items() if is_dataclass(c) and c.__eq__ is object.__eq__}
    assert identical == {"Export", "PlacedRule", "MovingRule", "PlannedRule"}
    text = " ".join(" ".join(LINES).split())
    assert "`Export`, `PlacedRule`, `MovingRule` and `PlannedRule` compare by identity" in text
    assert "`Server`, `Plan`, `Kit` and `Comparison` cannot be hashed" in text


def export_server_plan_kit() -> tuple[object, ...]:
    """Return one value of each kind that others are in."""
    export = syncrules.parse(syncrules.emit([rule(), out_of_box()]), name="custom.ps1")
    staging = syncrules.read_server(ROOT / "samples" / "swing" / "staging")
    plan = syncrules.plan(export, staging=staging)
    return (
        export,
        export.rules[0],
        export.script,
        staging,
        plan,
        *plan.rules,
        syncrules.make_kit(plan),
    )


def test_every_parameter_of_plan_is_in_its_table_with_an_option_that_exists() -> None:
    table = [line for line in SECTIONS["plan"] if line.startswith("| `")]
    named = [re.findall(r"`(\w+)`", line)[0] for line in table]
    assert named == [p for p in inspect.signature(syncrules.plan).parameters if p != "exports"]
    options = re.findall(r"--[a-z][a-z-]+", run("remap", "--help").stdout)
    used = set(re.findall(r"--[a-z][a-z-]+", words("plan")))
    assert {"--map", "--partial"} <= used <= {*options}


def test_every_link_of_the_page_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", "\n".join(LINES))
    assert len(targets) > 10
    for target in targets:
        path, _, anchor = target.partition("#")
        to = (PAGE.parent / path).resolve() if path else PAGE
        assert to.exists(), target
        if anchor:
            assert anchor in slugs(to.read_text(encoding="utf-8")), target


def slugs(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    outside = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#+ (.+)$", outside, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


# ---- The page, written again ---------------------------------------------------------------------


def _rewrite() -> None:
    lines = list(LINES)
    for example in reversed(EXAMPLES):
        below = printed_below(example)
        if below is not None:
            lines[below.start : below.end] = outputs()[example.start].split("\n")
    PAGE.write_text("\n".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _rewrite()
