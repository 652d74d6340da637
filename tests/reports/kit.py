"""What the tests of reports share: rows of a page, and records as they stand in the database."""

from datetime import date, datetime, time
from itertools import count

from app.db import JAPAN
from app.housing.models import Home, Property
from app.placements.models import Placement, PlacementStep

_numbers = count(1)


def rows_of(page, table=None):
    """The cells of a page's rows by their head, of one table or of all."""
    within = page.soup.select_one(f"#{table}") if table else page.soup
    return {
        row.select_one("th").find(string=True).strip(): [
            cell.get_text("", strip=True) for cell in row.select("td")
        ]
        for row in within.select("tbody tr")
    }


def at(day):
    """Noon of a day in Japan."""
    return datetime.combine(day, time(12), tzinfo=JAPAN)


def a_home(user, **values):
    """A home of 座間市 for 45,000 yen, with its building."""
    number = next(_numbers)
    building = Property(
        key=f"p{number}", name="架空荘", address=f"相武台{number}", prefecture="神奈川県",
        municipality="座間市",
    )  # fmt: skip
    facts = {"key": f"h{number}", "room": "1", "rent": 45000, "area": 25}
    return Home(organisation_id=user.organisation_id, property=building, **(facts | values))


def a_way(make, user, case, *, steps=None, home=None, begun=date(2026, 4, 1), **values):
    """A placement with steps {kind: day done}."""
    return make.save(
        Placement(
            case_id=case.id,
            home=a_home(user, **(home or {})),
            organisation_id=user.organisation_id,
            created_at=at(begun),
            every_step=[
                PlacementStep(kind=kind, done_on=day, user_id=user.id)
                for kind, day in (steps or {}).items()
            ],
            **values,
        )
    )
