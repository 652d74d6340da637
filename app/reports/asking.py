"""What an address of a report asks for – organisation, month or quarter, parts –, kept through its
links.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

LONGEST = 40


@dataclass(frozen=True)
class Asked:
    """`of` is a month (2026-10) or a quarter (2026-Q3), "" the year; no `parts` are all of them."""

    office: int | None = None
    of: str = ""
    parts: tuple[str, ...] = ()

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of another page of the same figures."""
        return url_for(
            endpoint,
            **values,
            office=self.office,
            of=self.of or None,
            part=list(self.parts) or None,
        )

    def with_(self, **changes: Any) -> "Asked":
        """The same with another organisation, period or parts."""
        return replace(self, **changes)


def asked_office() -> int | None:
    """The organisation in the address."""
    return request.args.get("office", type=int)


def asked() -> Asked:
    """All that the address says; a control sign is part of no period."""
    of = "".join(sign for sign in request.args.get("of", "")[:LONGEST] if sign.isprintable())
    parts = tuple(dict.fromkeys(request.args.getlist("part")))
    return Asked(asked_office(), of.strip(), parts)
