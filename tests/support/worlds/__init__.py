"""Whole migrations, made from a seed: two servers, what is known of them, and what is true.

A `World` knows which connector and which rule of the active server is which of the staging
server's. The tool is shown files only, as an administrator would have them, and must find the same
or refuse. `making` makes plain ones, `oddities` what is odd in some, `evidence` and `exports` the
files.
"""

from .evidence import KINDS, Given, give
from .exports import Exports, exports_of, write_exports
from .making import make_world
from .model import AD, Feature, System, World
from .oddities import drawn, with_oddities

__all__ = [
    "AD",
    "KINDS",
    "Exports",
    "Feature",
    "Given",
    "System",
    "World",
    "drawn",
    "exports_of",
    "give",
    "make_world",
    "with_oddities",
    "write_exports",
]
