"""Results about many households and homes in sentences a clerk can read aloud.

Households are named by case numbers the caller hands in, and only those; what may be said of them
is handed in too. A stay-away zone is in nothing these sentences are made from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matching.landlord_side import OfferEffect
from matching.phrases import (
    CONFIDENTIAL_GROUPS,
    FEATURES,
    FLOOR_WISHES,
    MOVES,
    OFFERS,
    TERMS,
    Names,
)
from matching.reassignment import Move
from matching.recruiting import Recruit, Wish
from matching.scarcity import Loss, Scarcity

_SOMEBODY = "ほかの世帯"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """What the reader may be told.

    Attributes
    ----------
    cases : mapping of household id to str
        Case numbers; a household that is not in it is "another household".
    homes : mapping of home id to str
        What homes are called.
    features : set of str
        The features of homes that may be said to be needed by somebody.
    groups : mapping of str
        Words for the group codes that may be spoken of.
    """

    cases: Mapping[int, str] = field(default_factory=dict)
    homes: Mapping[int, str] = field(default_factory=dict)
    features: frozenset[str] = frozenset()
    groups: Names = field(default_factory=dict)

    def case(self, household_id: int) -> str:
        """Name one household."""
        return self.cases.get(household_id, _SOMEBODY)

    def case_list(self, household_ids: Sequence[int]) -> str:
        """Name several households, those without a number by their count."""
        named = [self.cases[one] for one in household_ids if one in self.cases]
        others = len(household_ids) - len(named)
        if not others:
            return "、".join(named)
        count = f"{_SOMEBODY}{others}件"
        return "、".join([*named, count])

    def home(self, home_id: int) -> str:
        """Name one home."""
        return self.homes.get(home_id, f"住戸{home_id}")


def scarcity_sentences(seen: Scarcity, say: Say) -> str:
    """Say who needs a home and whether to keep it.

    Examples
    --------
    >>> from matching.scarcity import Dependence
    >>> loss = Loss((2,), (), (), 0)
    >>> seen = Scarcity(7, 0, True, 2, loss, (Dependence("ground", (2, 3), 1),), True)
    >>> scarcity_sentences(seen, Say(features=frozenset({"ground"})))
    'この部屋は1階でなければ入れない方が2名います。取り置きをお勧めします。'
    >>> scarcity_sentences(seen, Say())
    'この部屋がないと、ほかの世帯1件の行き先がなくなります。取り置きをお勧めします。'
    """
    sayable = [one for one in seen.depends if one.feature in say.features & FEATURES.keys()]
    if sayable:
        first = sayable[0]
        parts = [f"この部屋は{FEATURES[first.feature]}方が{len(first.household_ids)}名います。"]
    elif seen.without.loses:
        parts = [f"この部屋がないと、{say.case_list(seen.without.loses)}の行き先がなくなります。"]
    else:
        return "この部屋がなくても、行き先のなくなる世帯はありません。"
    if seen.without.loses:
        parts.append("取り置きをお勧めします。")
    return "".join(parts)


def taken_sentence(household_id: int, loss: Loss, say: Say) -> str:
    """Say what it does to the others if one household takes a home.

    Examples
    --------
    >>> taken_sentence(1, Loss((2,), (), (), 5), Say(cases={1: "A-1", 2: "A-2"}))
    'A-1がこれをとると、A-2の行き先がなくなります。'
    """
    who = say.case(household_id)
    losing = [one for one in loss.loses if one != household_id]
    if losing:
        return f"{who}がこれをとると、{say.case_list(losing)}の行き先がなくなります。"
    moving = [one for one in loss.moves if one != household_id]
    if moving:
        return f"{who}がこれをとると、{say.case_list(moving)}は別の住戸になります。"
    return f"{who}がこれをとっても、ほかの世帯の行き先は変わりません。"


def move_sentence(move: Move, say: Say) -> str:
    """Say what changed for one household after a refusal, and why.

    Examples
    --------
    >>> from matching.reassignment import MoveReason
    >>> move = Move(2, 8, 7, MoveReason.GAVE_WAY, 1, 1)
    >>> move_sentence(move, Say(cases={1: "A-1", 2: "A-2"}, homes={7: "青葉荘101"}))
    'A-2は、前の住戸をA-1に回したため、青葉荘101に変わります。'
    """
    cause = say.case(move.cause) if move.cause is not None else ""
    why = MOVES[move.reason].format(cause=cause)
    to = "行き先がなくなります" if move.after is None else f"{say.home(move.after)}に変わります"
    if move.before is None and move.after is not None:
        to = f"{say.home(move.after)}に決まります"
    return f"{say.case(move.household_id)}は、{why}、{to}。"


def recruit_sentence(recruit: Recruit, say: Say) -> str:
    """Say what kind of home to look for, and how many it would house.

    Examples
    --------
    >>> from matching.need import Floor
    >>> wish = Wish(rent=50000, floor=Floor.GROUND, people=1, rooms=1, area_m2=0.0,
    ...             wheelchair=False, pet=False, steps=None, municipality=None, kind=None,
    ...             accepts=())
    >>> recruit_sentence(Recruit(wish, 2, (1, 2), 3, 900), Say())
    '1階、家賃50,000円以下の部屋が2件あれば、あと2世帯の行き先ができます。'
    """
    wish = "、".join(_wish_words(recruit.wish, say)) or "どなたでも入れる条件"
    return f"{wish}の部屋が{recruit.more}件あれば、あと{recruit.more}世帯の行き先ができます。"


def _wish_words(wish: Wish, say: Say) -> list[str]:
    words = [wish.municipality, wish.kind, FLOOR_WISHES.get(wish.floor.name.lower())]
    words += [f"家賃{wish.rent:,}円以下"] if wish.rent is not None else []
    words += [f"{wish.people}人以上で入居可"] if wish.people > 1 else []
    words += [f"{wish.rooms}部屋以上"] if wish.rooms > 1 else []
    words += [f"{wish.area_m2:g}㎡以上"] if wish.area_m2 else []
    words += ["車いすで使える"] if wish.wheelchair else []
    words += [f"入口の段差{wish.steps}段以内"] if wish.steps is not None else []
    words += ["ペット可"] if wish.pet else []
    words += [f"{_group(code, say)}可" for code in wish.accepts if _group(code, say)]
    return [word for word in words if word]


def _group(code: str, say: Say) -> str:
    return "" if code in CONFIDENTIAL_GROUPS else say.groups.get(code, "")


def offer_sentence(effect: OfferEffect, say: Say) -> str:
    """Say to a landlord what one change would do; nobody is named.

    Examples
    --------
    >>> from matching.changes import Change, ChangeKind, Grantor
    >>> from matching.landlord_side import Offer
    >>> from matching.need import Support
    >>> from matching.phrases import GROUP_NAMES
    >>> change = Change(ChangeKind.ACCEPT_GROUP, Grantor.LANDLORD, 1, "public_assistance")
    >>> effect = OfferEffect(Offer(change, Support.PROXY_PAYMENT), (1, 2, 3))
    >>> offer_sentence(effect, Say(groups=GROUP_NAMES))
    '生活保護の方を代理納付で受け入れると、3世帯が合います。'
    """
    change, terms = effect.offer.change, effect.offer.terms
    on = "・".join(TERMS[str(term.name).lower()] for term in terms)
    words = OFFERS[change.kind].format(
        amount=f"{change.amount:,}",
        group=_group(change.subject, say) or "この方々",
        terms=f"{on}で" if on else "",
    )
    return f"{words}、{len(effect.household_ids)}世帯が合います。"
