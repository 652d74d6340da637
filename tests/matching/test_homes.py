"""One household against homes, condition by condition, with the sentences a clerk reads."""

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from matching import explain
from matching.changes import Change, ChangeKind, Grantor, apply_change
from matching.conditions import Ask, Asked
from matching.errors import HomeError, MatchingInputError, NeedError
from matching.home_columns import Acceptance, Company, Contact, Home, columns
from matching.homes import look_at_home, rank_homes
from matching.near_misses import NearMiss, verify_near_miss
from matching.need import (
    NATIONAL_MINIMUM,
    PRESETS,
    Anchor,
    Answer,
    Band,
    Floor,
    IncomeShare,
    Place,
    RentCeiling,
    SpaceRule,
    StayAway,
    Support,
    TownCeiling,
    Weights,
)
from tests.matching.factories import HERE, TODAY, ZAMA, a_home, a_need

IF, NO = Acceptance.IF, Acceptance.NO
LARGER = tuple(replace(band, amount=band.amount + 8000) for band in ZAMA.bands)


def group_of(need, home):
    found = rank_homes(need, columns([home]), today=TODAY)
    return next(
        name
        for name in ("fit", "near", "unknown", "excluded")
        if getattr(found, name if name == "excluded" else f"{name}_ids")
    )


def asked(need, home):
    found = rank_homes(need, columns([home]), today=TODAY)
    return [explain.ask_sentence(question.ask) for question in found.questions]


@pytest.mark.parametrize(
    ("need", "home", "group"),
    [
        ({}, {}, "fit"),
        ({}, {"rent": 41000, "fee": 9000}, "fit"),
        ({}, {"rent": 41001}, "near"),
        ({}, {"rent": 51001}, "excluded"),
        ({}, {"rent": 37000, "area_m2": 15.0}, "fit"),
        ({}, {"rent": 37001, "area_m2": 15.0}, "near"),
        ({}, {"rent": 37001, "area_m2": 15.01}, "fit"),
        ({}, {"rent": 29000, "area_m2": None}, "fit"),
        ({}, {"rent": 30000, "area_m2": None}, "unknown"),
        ({"people": None, "rent_limit": RentCeiling(ZAMA.bands, LARGER)}, {"rent": 45000},
         "unknown"),
        ({"rent_limit": IncomeShare(41000)}, {"rent": 39000, "fee": 2001}, "near"),
        ({"rent_limit": IncomeShare(41000)}, {"rent": 39000, "fee": None}, "unknown"),
        ({"rent_limit": None}, {}, "unknown"),
        ({"people": 3}, {"max_people": 2}, "near"),
        ({"people": 3}, {"max_people": None}, "fit"),
        ({"people": None}, {}, "unknown"),
        ({"space": NATIONAL_MINIMUM}, {}, "excluded"),
        ({"min_area_m2": 25}, {}, "near"),
        ({"min_rooms": 2}, {}, "near"),
        ({"floor": Floor.GROUND}, {"floor": 2}, "near"),
        ({"floor": Floor.GROUND}, {"floor": 2, "lift": Answer.UNKNOWN}, "near"),
        ({"floor": Floor.GROUND_OR_LIFT}, {"floor": 5, "lift": Answer.YES}, "fit"),
        ({"floor": Floor.GROUND_OR_LIFT}, {"floor": 5, "lift": Answer.UNKNOWN}, "unknown"),
        ({"floor": Floor.SECOND_OR_LIFT}, {"floor": 2}, "fit"),
        ({"floor": Floor.SECOND_OR_LIFT}, {"floor": None}, "unknown"),
        ({"max_steps": 1}, {"steps": 2}, "near"),
        ({"max_steps": 1}, {"steps": 9}, "excluded"),
        ({"wheelchair": True}, {"wheelchair": Answer.NO}, "excluded"),
        ({"pet": True}, {}, "unknown"),
        ({"groups": ("elderly",)}, {}, "fit"),
        ({"groups": ("elderly",)}, {"accepts": (("elderly", NO, Support.NONE),)}, "near"),
        ({"groups": ("elderly",)}, {"accepts": (("elderly", Acceptance.ASK, Support.NONE),)},
         "unknown"),
        ({"groups_not_asked": ("foreign",)}, {"accepts": (("foreign", NO, Support.NONE),)},
         "unknown"),
        ({"groups": ("elderly",)}, {"accepts": (("elderly", IF, Support.WATCHING),)}, "near"),
        ({"groups": ("elderly",), "supports": Support.WATCHING},
         {"accepts": (("elderly", IF, Support.WATCHING),)}, "fit"),
        ({"groups": ("elderly",), "supports_not_asked": Support.WATCHING},
         {"accepts": (("elderly", IF, Support.WATCHING),)}, "unknown"),
        ({"groups": ("elderly",)}, {"accepts": (("elderly", IF, Support(5)),)}, "excluded"),
        ({}, {"guarantor": Answer.YES}, "near"),
        ({}, {"guarantor": Answer.YES, "company": Company.POSSIBLE}, "near"),
        ({"supports": Support.GUARANTOR_COMPANY}, {"guarantor": Answer.YES}, "near"),
        ({"supports": Support.GUARANTOR_COMPANY},
         {"guarantor": Answer.YES, "company": Company.POSSIBLE}, "fit"),
        ({"guarantor": Answer.UNKNOWN}, {"guarantor": Answer.YES}, "unknown"),
        ({}, {"company": Company.REQUIRED}, "near"),
        ({"supports": Support.GUARANTOR_COMPANY}, {"company": Company.UNKNOWN}, "fit"),
        ({}, {"contact": Contact.CORPORATE_WILL_DO}, "near"),
        ({"supports": Support.CORPORATE_CONTACT}, {"contact": Contact.PERSON_ONLY}, "near"),
        ({"supports": Support.CORPORATE_CONTACT}, {"contact": Contact.CORPORATE_WILL_DO}, "fit"),
        ({"move_in_by": TODAY}, {"available_from": TODAY + timedelta(days=3)}, "near"),
        ({"move_in_by": TODAY - timedelta(days=9)}, {}, "fit"),
        ({"funds": 89999}, {}, "near"),
        ({"funds": 60000, "initial_benefit": 50000}, {"initial_covered": 30000}, "fit"),
        ({"funds": None}, {"initial_cost": 0}, "fit"),
        ({"kinds": ("戸建",)}, {}, "near"),
        ({"municipalities": ("海老名市",)}, {}, "near"),
        ({"municipalities": ("海老名市",)}, {"municipality": None}, "unknown"),
        ({"anchors": (Anchor(Place(35.5, 139.4), "病院", 1, 1000),)}, {}, "near"),
        ({}, {"place": None}, "unknown"),
        ({"stay_away": (StayAway(HERE, 500),)}, {"place": None}, "unknown"),
    ],
)  # fmt: skip
def test_each_condition_has_its_three_answers(need, home, group):
    wanted, table = a_need(**need), columns([a_home(**home)])
    assert group_of(wanted, a_home(**home)) == group
    found = rank_homes(wanted, table, today=TODAY)
    said = [explain.home_sentences(c) for c in (*found.fits, *found.near, *found.unknown)]
    said += [explain.excluded_sentences(home) for home in found.excluded]
    assert said[0].endswith(("。", "」"))
    for candidate in found.near:
        assert verify_near_miss(wanted, table, candidate.near, TODAY)


def test_the_best_home_is_explained_as_on_the_desk():
    need = a_need(
        groups=("elderly",),
        floor=Floor.GROUND_OR_LIFT,
        supports=Support(31),
        anchors=(Anchor(HERE, "病院"),),
    )
    home = a_home(accepts=(("elderly", IF, Support.WATCHING),), company=Company.REQUIRED)
    found = rank_homes(need, columns([home]), today=TODAY).fits[0]
    assert explain.home_sentences(found, {"elderly": "高齢単身"}) == (
        "上限より2,000円低く、1階で、病院に最も近い部屋です。"
        "貸主は高齢単身を見守り付きなら可としています。"
    )
    assert explain.to_do(found.arrange) == ("見守り契約", "保証会社")
    assert sum(part.points for part in found.parts) == pytest.approx(found.score)
    assert all(0 <= part.value <= 1 for part in found.parts)


def test_a_near_miss_names_the_change_and_who_grants_it():
    found = rank_homes(a_need(), columns([a_home(rent=43000)]), today=TODAY).near[0]
    assert explain.near_sentences(found.near) == (
        "家賃が2,000円だけ上限を超えます。貸主が家賃を2,000円下げられれば、"
        "または相談窓口で上限を2,000円上げられれば合います。"
    )
    assert [option.by for option in found.near.options] == [Grantor.LANDLORD, Grantor.DESK]


def test_one_support_may_mend_two_conditions_at_once():
    terms = tuple((code, IF, Support.WATCHING) for code in ("elderly", "disabled"))
    need = a_need(groups=("elderly", "disabled"))
    table = columns([a_home(accepts=terms)])
    found = rank_homes(need, table, today=TODAY)
    (option,) = found.near[0].near.options
    assert (option.kind, option.by) == (ChangeKind.ARRANGE_SUPPORT, Grantor.DESK)
    assert verify_near_miss(need, table, found.near[0].near, TODAY)
    assert "「見守り契約」がまだ用意できません。" in explain.home_sentences(found.near[0])
    assert explain.what_if_sentence(found.what_ifs[0]) == "「見守り契約」の用意で 1件ふえる"


def test_a_fee_above_the_share_cannot_be_mended_by_the_rent():
    need = a_need(rent_limit=IncomeShare(2000))
    found = rank_homes(need, columns([a_home(rent=1000, fee=5000)]), today=TODAY).near[0]
    assert [option.kind for option in found.near.options] == [ChangeKind.RAISE_RENT_LIMIT]


def test_the_question_that_unlocks_most_comes_first_grouped_by_whom_to_ask():
    said = (("elderly", Acceptance.UNKNOWN, Support.NONE),)
    shelf = [a_home(n, accepts=said, ask_id=n // 4) for n in range(6)]
    shelf.append(a_home(9, ask_id=None, rent=None))
    found = rank_homes(a_need(groups=("elderly",)), columns(shelf), today=TODAY)
    assert [(q.ask.about, q.ask_id, q.unlocks) for q in found.questions] == [
        ("accepts", 0, 4),
        ("accepts", 1, 2),
        ("rent", None, 1),
    ]
    assert found.questions[0].touches == 4


def test_what_a_household_must_not_be_known_for_is_asked_as_a_general_rule():
    assert "世帯の事情は伝えない" in asked(a_need(groups=("dv",)), a_home())[0]


def test_a_stale_vacancy_ranks_lower_and_says_so():
    old = a_home(1, confirmed_on=TODAY - timedelta(days=18))
    never = a_home(2, confirmed_on=None)
    found = rank_homes(a_need(), columns([old, never, a_home(3)]), today=TODAY)
    assert found.fit_ids == (3, 1, 2)
    assert [candidate.stale for candidate in found.fits] == [False, True, True]
    assert "18日前" in explain.home_sentences(found.fits[1])
    assert "まだ確かめていません" in explain.home_sentences(found.fits[2])


def test_what_empties_the_list_is_counted_and_said():
    shelf = [a_home(n, rent=90000) for n in range(3)] + [a_home(8, rent=90000, max_people=1)]
    found = rank_homes(a_need(people=2), columns(shelf), today=TODAY)
    assert [explain.failure_sentence(count) for count in found.failures] == [
        "家賃で4件が合いません。うち3件は、合わないのはこの条件だけです。",
        "人数で1件が合いません。",
    ]
    assert [one.home_id for one in found.excluded] == [0, 1, 2, 8]


def test_costs_schools_and_second_floors_are_said():
    need = a_need(
        floor=Floor.SECOND_OR_LIFT,
        initial_benefit=57000,
        school_districts=("東小",),
        anchors=(Anchor(Place(35.5, 139.4), "職場"), Anchor(HERE, "病院")),
    )
    homes = [
        a_home(1, floor=2, initial_cost=98000, initial_covered=60000, rent=41000),
        a_home(2, floor=5, lift=Answer.YES, school_district="東小", place=Place(35.4995, 139.4)),
    ]
    found = {c.home_id: c for c in rank_homes(need, columns(homes), today=TODAY).fits}
    said = explain.home_sentences(found[1])
    assert said.startswith("家賃は上限ちょうどで、2階で、職場まで1.4kmで、病院に最も近い部屋です。")
    assert "初期費用 98,000円のうち 57,000円は給付の対象です（目安）。" in said
    assert "エレベーター" in explain.home_sentences(found[2])
    assert [part.value for part in found[2].parts if part.key == "school"] == [1.0]


def test_a_reason_free_home_still_has_something_to_say():
    found = rank_homes(a_need(rent_limit=None), columns([a_home()]), today=TODAY).unknown[0]
    said = explain.home_sentences(found)
    assert said == "まだ分からないことが1つあります。「家賃に毎月いくらまで使えますか」"


def test_terms_that_were_not_recorded_are_named_as_terms():
    home = a_home(accepts=(("elderly", IF, Support.NONE),))
    found = rank_homes(a_need(groups=("elderly",)), columns([home]), today=TODAY).fits[0]
    assert "条件付きなら可" in explain.home_sentences(found)


def test_a_home_inside_the_zone_is_like_one_that_is_not_there():
    need = a_need(stay_away=(StayAway(HERE, 500),))
    table = columns([a_home(1), a_home(2, place=Place(35.6, 139.4))])
    found = rank_homes(need, table, today=TODAY)
    assert (found.considered, found.fit_ids) == (1, (2,))
    assert look_at_home(need, table, 1, today=TODAY) == ()
    assert {verdict.answer for verdict in look_at_home(need, table, 2, today=TODAY)} == {"fits"}
    assert "35" not in repr(need.stay_away)
    edge = a_home(3, place=Place(35.4936, 139.4076), location_error_m=100)
    assert group_of(a_need(), edge) == "fit"
    assert rank_homes(need, columns([edge]), today=TODAY).considered == 0


def test_a_false_proof_is_found_out():
    table = columns([a_home(rent=43000)])
    enough = Change(ChangeKind.LOWER_RENT, Grantor.LANDLORD, 2000)
    nothing = NearMiss("rent", "", ())
    assert not verify_near_miss(a_need(), table, nothing, TODAY)
    assert not verify_near_miss(
        a_need(), columns([a_home()]), NearMiss("rent", "", (enough,)), TODAY
    )


def test_a_limit_not_agreed_cannot_be_raised():
    change = Change(ChangeKind.RAISE_RENT_LIMIT, Grantor.DESK, 2000)
    need = a_need(rent_limit=None)
    assert apply_change(change, need, columns([a_home()]), TODAY)[0] == need


def test_nothing_given_is_changed_and_columns_cannot_be_written_to():
    table = columns([a_home(rent=43000), a_home(2)])
    before = {name: getattr(table, name).copy() for name in ("rent", "accepts", "xyz")}
    rank_homes(a_need(groups=("elderly",)), table, today=TODAY)
    assert all(np.array_equal(before[name], getattr(table, name)) for name in before)
    with pytest.raises(ValueError, match="read-only"):
        table.rent[0] = 1


def test_a_failing_home_asks_the_household_nothing():
    home = a_home(rent=99000, guarantor=Answer.YES)
    found = rank_homes(a_need(guarantor=Answer.UNKNOWN), columns([home]), today=TODAY)
    assert found.questions == ()
    assert explain.failure_sentence(found.failures[0]).startswith("家賃で1件")


def test_a_home_whose_place_and_cost_are_not_known_says_nothing_about_them():
    home = a_home(place=None, initial_cost=None)
    need = a_need(anchors=(Anchor(HERE, "病院"),))
    found = rank_homes(need, columns([home]), today=TODAY).unknown[0]
    assert {reason.code for reason in found.reasons} == {"under_limit", "confirmed"}
    both = rank_homes(a_need(funds=None), columns([home]), today=TODAY).questions
    assert "分かっていません" in explain.question_sentence(both[0])


def test_no_homes_give_an_empty_ranking():
    found = rank_homes(a_need(), columns([]), today=TODAY)
    assert (found.considered, found.fits, found.questions, found.what_ifs) == (0, (), (), ())


@pytest.mark.parametrize(
    "facts",
    [
        {"people": 0},
        {"people": 40},
        {"people": -1},
        {"rent_limit": IncomeShare(-1)},
        {"rent_limit": RentCeiling(())},
        {"rent_limit": RentCeiling((Band(math.inf, 41000), Band(10, 3000)))},
        {"rent_limit": RentCeiling(LARGER, ZAMA.bands)},
        {"funds": -1},
        {"groups": ("elderly", "elderly")},
        {"groups": tuple(map(str, range(31)))},
        {"supports": Support.WATCHING, "supports_not_asked": Support.WATCHING},
        {"max_steps": -1},
        {"min_rooms": -1},
        {"min_area_m2": math.nan},
        {"kinds": ()},
        {"municipalities": ()},
        {"space": SpaceRule(-1, 0, 0)},
        {"weights": Weights(area=math.inf)},
        {"weights": Weights(rent=math.nan)},
        {"weights": Weights(walk=-1)},
        {"weights": Weights(freshness=0)},
        {"anchors": (Anchor(Place(91, 0), "x"),)},
        {"anchors": (Anchor(HERE, "x", math.nan),)},
        {"anchors": (Anchor(HERE, "x", 1, -1),)},
        {"anchors": (Anchor(HERE, "x"), Anchor(HERE, "x"))},
        {"anchors": tuple(Anchor(HERE, str(n)) for n in range(11))},
        {"stay_away": (StayAway(HERE, math.nan),)},
    ],
)
def test_an_absurd_need_is_refused_in_words(facts):
    with pytest.raises(NeedError) as caught:
        a_need(**facts)
    assert caught.value.message.endswith("。")


@pytest.mark.parametrize(
    "make",
    [
        lambda: columns([a_home(rent=-1)]),
        lambda: columns([a_home(fee=-1)]),
        lambda: columns([a_home(area_m2=math.nan)]),
        lambda: columns([a_home(location_error_m=math.inf)]),
        lambda: columns([a_home(rooms=99999)]),
        lambda: columns([a_home(place=Place(95, 0))]),
        lambda: columns([a_home(initial_cost=5, initial_covered=6)]),
        lambda: columns([Home(home_id=1), Home(home_id=1)]),
        lambda: replace(columns([a_home()]), rent=np.zeros(2, np.int64)),
        lambda: rank_homes(a_need(), columns([]), today=TODAY, top=-1),
    ],
)
def test_homes_that_cannot_be_are_refused_in_words(make):
    with pytest.raises(MatchingInputError) as caught:
        make()
    assert caught.value.message.endswith("。")
    assert isinstance(caught.value, HomeError | MatchingInputError)


def test_a_plain_yes_is_said():
    found = rank_homes(a_need(groups=("elderly",)), columns([a_home()]), today=TODAY).fits[0]
    assert "貸主は高齢の方を受け入れています。" in explain.home_sentences(found)


def test_four_hundred_times_the_homes_give_four_hundred_times_the_counts():
    shelf = columns([a_home(1), a_home(2, rent=43000), a_home(3, rent=None), a_home(4, rent=99000)])
    many = replace(shelf.take(np.arange(1600) % 4), ids=np.arange(1600))
    found = rank_homes(a_need(), many, today=TODAY)
    lists = (found.fit_ids, found.near_ids, found.unknown_ids)
    assert [len(ids) for ids in lists] == [400] * 3
    assert found.considered == 1600
    assert found.fit_ids == tuple(range(0, 1600, 4))
    assert len(found.fits) == 50


def test_presets_change_what_counts():
    near_one = a_home(1, place=HERE, rent=41000)
    cheap_one = a_home(2, place=Place(35.45, 139.38), rent=33000)
    need = a_need(anchors=(Anchor(HERE, "職場"),))
    order = {
        name: rank_homes(
            replace(need, weights=PRESETS[name]), columns([near_one, cheap_one]), today=TODAY
        ).fit_ids
        for name in ("near", "cheap")
    }
    assert order == {"near": (1, 2), "cheap": (2, 1)}


def test_a_home_is_held_against_the_ceiling_of_its_own_town():
    yokohama = TownCeiling("横浜市", (Band(math.inf, 52000),))
    need = a_need(rent_limit=RentCeiling((Band(math.inf, 41000),), None, (yokohama,)))
    homes = columns([
        a_home(home_id=1, rent=50000, municipality="座間市"),
        a_home(home_id=2, rent=50000, municipality="横浜市"),
        a_home(home_id=3, rent=53000, municipality="横浜市"),
    ])  # fmt: skip
    assert rank_homes(need, homes, today=TODAY).fit_ids == (2,)


def test_a_home_whose_town_is_not_known_may_be_held_against_any_ceiling():
    yokohama = TownCeiling("横浜市", (Band(math.inf, 52000),))
    need = a_need(rent_limit=RentCeiling((Band(math.inf, 41000),), None, (yokohama,)))
    homes = columns([
        a_home(home_id=1, rent=41000, municipality=None),
        a_home(home_id=2, rent=50000, municipality=None),
        a_home(home_id=3, rent=53000, municipality=None),
    ])  # fmt: skip
    found = rank_homes(need, homes, today=TODAY)
    assert (found.fit_ids, found.unknown_ids, found.near_ids) == ((1,), (2,), (3,))
    assert found.unknown[0].asks == (Ask(Asked.LANDLORD, "municipality"),)
    assert found.near[0].near.options[-1].amount == 1000


def test_one_town_has_one_ceiling():
    town = TownCeiling("横浜市", (Band(math.inf, 52000),))
    with pytest.raises(NeedError, match="同じ市町村"):
        a_need(rent_limit=RentCeiling((Band(math.inf, 41000),), None, (town, town)))


def test_columns_of_two_kinds_are_not_put_together():
    one = columns([a_home(1)])
    assert one.joined(columns([a_home(0)])).ids.tolist() == [0, 1]
    with pytest.raises(HomeError, match="2回"):
        one.joined(one)
    with pytest.raises(HomeError, match="そろって"):
        one.joined(columns([a_home(2, municipality="架空町")]))
