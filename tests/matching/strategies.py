"""Random needs and homes, small enough for every rule to matter."""

import math
from datetime import timedelta

from hypothesis import strategies as st

from matching.home_columns import Acceptance, Company, Contact, Home
from matching.need import (
    NATIONAL_MINIMUM,
    Anchor,
    Answer,
    Band,
    Floor,
    HouseholdNeed,
    IncomeShare,
    Place,
    RentCeiling,
    Support,
    TownCeiling,
)
from tests.matching.factories import TODAY, ZAMA

LARGER = tuple(Band(band.max_area_m2, band.amount + 8000) for band in ZAMA.bands)
GROUPS = ("elderly", "disabled", "foreign")
KINDS, TOWNS = ("アパート", "戸建"), ("座間市", "海老名市")
answers = st.sampled_from(Answer)
supports = st.integers(0, 31).map(Support)
places = st.builds(Place, st.floats(35.3, 35.6), st.floats(139.2, 139.5))
days = st.integers(-20, 40).map(lambda number: TODAY + timedelta(days=number))
rents = st.integers(25, 60).map(lambda number: number * 1000)


def maybe(strategy):
    """Return the value, or now and then None."""
    return st.one_of(strategy, strategy, strategy, st.none())


@st.composite
def homes(draw, least=0, most=8):
    """Draw a list of homes with the ids 0, 1, 2 …"""
    found = []
    for number in range(draw(st.integers(least, most))):
        codes = draw(st.lists(st.sampled_from((*GROUPS, "pet")), unique=True))
        found.append(
            Home(
                home_id=number,
                ask_id=draw(maybe(st.integers(1, 3))),
                rent=draw(maybe(rents)),
                fee=draw(maybe(st.sampled_from((0, 2000, 5000)))),
                initial_cost=draw(maybe(st.integers(40, 200).map(lambda n: n * 1000))),
                initial_covered=draw(st.sampled_from((0, 40000))),
                area_m2=draw(maybe(st.sampled_from((6.0, 9.5, 15.0, 22.4, 41.0)))),
                rooms=draw(maybe(st.integers(1, 3))),
                max_people=draw(maybe(st.integers(1, 4))),
                floor=draw(maybe(st.integers(1, 4))),
                lift=draw(answers),
                steps=draw(maybe(st.integers(0, 5))),
                wheelchair=draw(answers),
                guarantor=draw(answers),
                company=draw(st.sampled_from(Company)),
                contact=draw(st.sampled_from(Contact)),
                available_from=draw(maybe(days)),
                confirmed_on=draw(maybe(days)),
                walk_min=draw(maybe(st.integers(1, 30))),
                kind=draw(maybe(st.sampled_from(KINDS))),
                municipality=draw(maybe(st.sampled_from(TOWNS))),
                school_district=draw(maybe(st.sampled_from(("東小", "西小")))),
                place=draw(maybe(places)),
                location_error_m=draw(st.sampled_from((0.0, 300.0))),
                accepts=tuple(
                    (code, draw(st.sampled_from(Acceptance)), draw(supports)) for code in codes
                ),
            )
        )
    return found


limits = st.one_of(
    st.just(ZAMA),
    st.just(RentCeiling(ZAMA.bands, LARGER)),
    st.just(RentCeiling((Band(math.inf, 41000),))),
    st.just(RentCeiling(ZAMA.bands, None, (TownCeiling(TOWNS[0], LARGER),))),
    rents.map(IncomeShare),
    st.none(),
)


@st.composite
def needs(draw):
    """Draw a need in which any condition may be set."""
    groups = draw(st.lists(st.sampled_from(GROUPS), unique=True))
    asked = draw(st.integers(0, len(groups)))
    arranged, open_ = draw(supports), draw(supports)
    anchors = (
        Anchor(draw(places), "病院", 2.0, draw(maybe(st.integers(0, 20000)))),
        Anchor(draw(places), "職場"),
    )
    return HouseholdNeed(
        people=draw(maybe(st.integers(1, 5))),
        rent_limit=draw(limits),
        groups=tuple(groups[:asked]),
        groups_not_asked=tuple(groups[asked:]),
        floor=draw(st.sampled_from(Floor)),
        max_steps=draw(st.one_of(st.none(), st.integers(0, 3))),
        wheelchair=draw(st.sampled_from((False, False, True))),
        pet=draw(st.booleans()),
        guarantor=draw(answers),
        private_contact=draw(answers),
        supports=arranged,
        supports_not_asked=open_ & ~arranged,
        move_in_by=draw(st.one_of(st.none(), days)),
        funds=draw(maybe(st.integers(0, 150000))),
        initial_benefit=draw(st.sampled_from((0, 30000))),
        kinds=draw(st.sampled_from((None, KINDS, KINDS[:1]))),
        municipalities=draw(st.sampled_from((None, TOWNS[:1]))),
        min_area_m2=draw(st.one_of(st.none(), st.sampled_from((8.0, 20.0)))),
        min_rooms=draw(st.one_of(st.none(), st.integers(1, 2))),
        space=draw(st.sampled_from((None, None, NATIONAL_MINIMUM))),
        anchors=draw(st.sampled_from((anchors, anchors[1:], ()))),
        school_districts=draw(st.sampled_from(((), ("東小",)))),
    )
