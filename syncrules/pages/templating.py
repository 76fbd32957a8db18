"""Templates laid out: HTML in which foreign text can do no harm, and plain text."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from syncrules.diagnostics import printable

if TYPE_CHECKING:  # most runs make no kit
    from jinja2 import Environment

__all__ = ["html", "text"]

_TEMPLATES = "templates"


def html(template: str, **view: object) -> str:
    """Return a page. Every value in it is escaped, and its hidden characters are shown."""
    return _html_environment().get_template(template).render(view)


def text(template: str, **view: object) -> str:
    """Return a plain text. Its values are put in as they are."""
    return _environment().get_template(template).render(view)


@cache
def _html_environment() -> Environment:
    from markupsafe import Markup

    def shown(value: object) -> object:
        # What a macro or a block of the template made was escaped when it was made.
        return value if isinstance(value, Markup) else printable(str(value))

    environment = _environment().overlay(autoescape=True, finalize=shown)
    environment.filters["sha256"] = _sha256
    return environment


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        autoescape=False,  # noqa: S701 (pages have an environment over this one)
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _source(name: str) -> str:
    return files(__package__).joinpath(_TEMPLATES, name).read_text("utf-8")


def _sha256(content: str) -> str:
    """Return a digest as a content security policy has it."""
    return base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
