"""The wizard's options, which must be the same on both servers."""

from __future__ import annotations

import pytest

import syncrules
from support.builders import ENTRA, codes, export, rule, the
from support.known_servers import complete
from syncrules import Diagnostic, Severity

ANCHOR = "Microsoft.SynchronizationOption.AnchorAttribute"
EXTENSIONS = "Microsoft.OptionalFeature.DirectoryExtensionAttributes"
CUSTOM = rule("Out to AAD - Custom", 1, ENTRA)


def _findings(here: dict[str, str], there: dict[str, str]) -> tuple[Diagnostic, ...]:
    return syncrules.plan(
        [export(CUSTOM)],
        staging=complete(settings=there),
        active=complete(rules=(CUSTOM,), settings=here),
    ).diagnostics


def test_sr473_an_option_that_differs() -> None:
    found = _findings({ANCHOR: "objectGUID"}, {ANCHOR: "mS-DS-ConsistencyGuid"})
    assert codes(found) == ["SR473"]
    finding = the("SR473", found)
    assert finding.severity is Severity.WARNING
    for part in (ANCHOR, "'objectGUID' on the active server", "'mS-DS-ConsistencyGuid' on staging"):
        assert part in finding.message
    assert "rules that name the anchor" in finding.message
    assert "objectGUID" in finding.hint
    other = the("SR473", _findings({EXTENSIONS: "a.user"}, {EXTENSIONS: "b.user"}))
    assert "rules that rely on it" in other.message


def test_sr473_another_source_anchor_asks_to_install_again_as_its_page_does() -> None:
    """The wizard sets it at the installation, and the active server's is the one in use."""
    found = _findings({ANCHOR: "objectGUID"}, {ANCHOR: "mS-DS-ConsistencyGuid"})
    assert "install the staging server again with 'objectGUID'" in the("SR473", found).hint
    other = _findings({EXTENSIONS: "a.user"}, {EXTENSIONS: "b.user"})
    assert "Choose the same in the staging server's wizard" in the("SR473", other).hint


def test_sr473_options_are_told_in_the_order_of_their_names() -> None:
    """However the files have them."""
    names = [f"Microsoft.OptionalFeature.{letter}" for letter in "gcaefbd"]
    found = _findings(dict.fromkeys(names, "True"), dict.fromkeys(names, "False"))
    assert [row[0] for row in the("SR473", found).rows] == sorted(names)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param({ANCHOR: "objectGUID"}, {ANCHOR: "ObjectGuid"}, id="case"),
        pytest.param({ANCHOR: "objectGUID"}, {}, id="shown by one server only"),
        pytest.param(
            {"Microsoft.OptionalFeature.AutoUpgradeState": "Enabled"},
            {"Microsoft.OptionalFeature.AutoUpgradeState": "Suspended"},
            id="each server's own affair",
        ),
        pytest.param({EXTENSIONS: "a.user, b.user"}, {EXTENSIONS: "b.user,a.user"}, id="order"),
    ],
)
def test_sr473_not_where_they_say_the_same(here: dict[str, str], there: dict[str, str]) -> None:
    assert codes(_findings(here, there)) == []
