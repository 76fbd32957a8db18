"""The out-of-box rules that are known to be Microsoft's, by name and tag.

Source: the 62 rules of 2016 in microsoft/AADConnectConfigDocumenter's sample. Their tags are their
names without blanks and dashes, all but one. Later versions have more rules: a rule that is not
among these may still be Microsoft's.
"""

from __future__ import annotations

import re

__all__ = ["is_known_as_microsofts", "is_name_of_microsofts"]


def is_known_as_microsofts(name: str, stem: str) -> bool:
    """Return whether Microsoft installed a rule of this name and tag without its version.

    >>> is_known_as_microsofts("In from AD - User Join", "microsoft.infromaduserjoin")
    True
    >>> is_known_as_microsofts("In from AD - User Join Contoso", "microsoft.infromaduserjoin")
    False
    """
    return name in _NAMES and stem in (_of_name(name), _OTHER_TAGS.get(name))


def is_name_of_microsofts(name: str) -> bool:
    """Return whether Microsoft installed a rule of this name."""
    return name in _NAMES


def _of_name(name: str) -> str:
    return f"microsoft.{_NOT_IN_TAGS.sub('', name.lower())}"


_NOT_IN_TAGS = re.compile("[ -]")
_OTHER_TAGS = {"Out to AAD - Device Join SOAInAD": "microsoft.outtoaadjoinsoainad"}
_NAMES = frozenset(
    """\
In from AAD - Contact Exchange Hybrid
In from AAD - Contact Join
In from AAD - Group Exchange Hybrid
In from AAD - Group Join
In from AAD - User Exchange Hybrid
In from AAD - User Join
In from AAD - User NGCKey
In from AD - Computer Join
In from AD - Contact Common
In from AD - Contact Join
In from AD - Contact Lync
In from AD - Device Common
In from AD - ForeignSecurityPrincipal Join User
In from AD - Group Common
In from AD - Group Exchange
In from AD - Group Join
In from AD - InetOrgPerson AccountEnabled
In from AD - InetOrgPerson Common
In from AD - InetOrgPerson Common from Exchange
In from AD - InetOrgPerson Exchange
In from AD - InetOrgPerson Join
In from AD - InetOrgPerson Lync
In from AD - User AccountEnabled
In from AD - User Common
In from AD - User Common from Exchange
In from AD - User Exchange
In from AD - User Join
In from AD - User Lync
Out to AAD - Contact AzureRMS
Out to AAD - Contact DynamicsCRM
Out to AAD - Contact ExchangeOnline
Out to AAD - Contact Identity
Out to AAD - Contact Intune
Out to AAD - Contact Join
Out to AAD - Contact LyncOnline
Out to AAD - Contact SharePointOnline
Out to AAD - Device Join SOAInAD
Out to AAD - Group AzureRMS
Out to AAD - Group DynamicsCRM
Out to AAD - Group ExchangeOnline
Out to AAD - Group Identity
Out to AAD - Group Intune
Out to AAD - Group Join
Out to AAD - Group LyncOnline
Out to AAD - Group SharePointOnline
Out to AAD - User AzureRMS
Out to AAD - User DynamicsCRM
Out to AAD - User ExchangeOnline
Out to AAD - User Identity
Out to AAD - User Intune
Out to AAD - User Join
Out to AAD - User LyncOnline
Out to AAD - User OfficeProPlus
Out to AAD - User SharePointOnline
Out to AD - Contact Exchange Hybrid
Out to AD - Contact Join
Out to AD - Group Exchange Hybrid
Out to AD - Group Join
Out to AD - InetOrgPerson Exchange Hybrid
Out to AD - InetOrgPerson Join
Out to AD - User Exchange Hybrid
Out to AD - User Join SOAInAD
""".splitlines()
)
