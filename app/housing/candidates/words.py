"""A ranking in words for one viewer: what they may not know of the household is not in any of them.

Three things are held back. Which groups the household belongs to is for consultants (tier CARE):
others read 「入居者の条件」. Where the household goes is part of its place: without that, no
distance is shown, because three distances find a point. How much money they have is for
consultants too: what is missing for a home is told without its amount.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app.cases.models import Case
from app.housing import proposals
from app.housing.codes import HOME_KIND_LABELS, HOME_STATE_LABELS, HomeKind, HomeState, Precision
from app.housing.homes import words as home_words
from app.housing.models import Home
from app.housing.plain import from_plain
from app.policy import Access, Tier

HIDDEN = "hidden"
PARTS = {
    "distance": "場所",
    "area": "広さ",
    "rent": "家賃",
    "initial_cost": "初期費用",
    "walk": "駅",
    "freshness": "確かさ",
    "school": "学区",
}
TOWN_METRES = home_words.precision_metres(Precision.TOWN)
_PLACE_REASONS = frozenset({"nearest", "distance"})
_STANCE_REASONS = frozenset({"accepts", "accepts_if"})
_ABOUT_GROUPS = frozenset({"accepts", "group", "accepts_if", "accept_group"})


@dataclass(frozen=True)
class Reveal:
    """How much of the household the words may tell."""

    groups: bool
    places: bool
    age: bool = False
    stances: bool = True
    funds: bool = False

    @classmethod
    def of(cls, access: Access) -> "Reveal":
        """What a viewer with this access to the case may read."""
        return cls(
            groups=access.sees(Tier.CARE),
            places=access.sees(Tier.PLACE),
            age=access.sees(Tier.CONTACT),
            funds=access.sees(Tier.CARE),
        )

    def silent(self) -> frozenset[str]:
        """The reasons that are not told at all."""
        places = frozenset[str]() if self.places else _PLACE_REASONS
        return places if self.stances else places | _STANCE_REASONS

    def names(self) -> dict[str, str]:
        """The words for group codes."""
        return {**proposals.GROUP_NAMES, HIDDEN: _("入居者の条件")}

    def hides(self, code: str) -> bool:
        """Whether a group's code must not be read from any sentence."""
        open_codes = {"pet", "elderly"} if self.age else {"pet"}
        return not self.groups and code not in open_codes


def masked(result: Any, reveal: Reveal) -> Any:
    """A stored answer without the group codes and places this viewer must not learn."""
    if reveal.groups and not reveal.silent():
        return result
    if isinstance(result, Mapping):
        plain = {name: masked(value, reveal) for name, value in result.items()}
        about = {plain.get(name) for name in ("about", "key", "code", "kind")}
        subject = plain.get("subject")
        if subject and about & _ABOUT_GROUPS and reveal.hides(subject):
            plain["subject"] = HIDDEN
        if "reasons" in plain:
            plain["reasons"] = [r for r in plain["reasons"] if r["code"] not in reveal.silent()]
        return plain
    if isinstance(result, list):
        return [masked(one, reveal) for one in result]
    return result


@dataclass(frozen=True)
class Shown:
    """What the words need beside the ranking: the homes' rows, names to ask, holds, who reads."""

    homes: Mapping[int, Home]
    whom: Mapping[int, str]
    held: Mapping[int, datetime]
    today: date
    rent_limit: int | None = None


class Words:
    """One ranking in words for one viewer."""

    def __init__(self, result: Mapping[str, Any], reveal: Reveal, shown: Shown) -> None:
        self.ranking: proposals.Ranking = from_plain(proposals.Ranking, masked(result, reveal))
        self._reveal, self._shown, self._names = reveal, shown, reveal.names()

    @property
    def homes(self) -> Mapping[int, Home]:
        """The homes that are described, by id."""
        return self._shown.homes

    @property
    def rent_limit(self) -> int | None:
        """The highest rent the run allowed, where it is one amount."""
        return self._shown.rent_limit

    def counts(self) -> dict[str, int]:
        """How many homes are in each group that is shown."""
        found = self.ranking.counts
        return {"fits": found.fits, "near": found.near, "unknown": found.unknown}

    def candidate(self, home_id: int) -> tuple[str, proposals.Candidate] | None:
        """A home that is described, and its group."""
        for group in ("fits", "near", "unknown"):
            for one in getattr(self.ranking, group):
                if one.home_id == home_id:
                    return group, one
        return None

    def rows(self, group: str, first: int = 0, most: int | None = None) -> list[dict[str, Any]]:
        """The homes of one group as the page's cards want them: all, or so many from `first` on."""
        there = self._there(group)[first:][:most]
        return [self._row(one, group, number) for number, one in enumerate(there, first + 1)]

    def told(self, group: str) -> list[dict[str, Any]]:
        """The homes of one group as programs are told of them."""
        return [self._said(one, group) for one in self._there(group)]

    def _there(self, group: str) -> list[proposals.Candidate]:
        candidates: tuple[proposals.Candidate, ...] = getattr(self.ranking, group)
        return [one for one in candidates if one.home_id in self._shown.homes]

    def _row(self, one: proposals.Candidate, group: str, number: int) -> dict[str, Any]:
        home = self._shown.homes[one.home_id]
        row = home_words.row(home, today=self._shown.today, held=self._shown.held)
        limit = next((_limit(r.amount) for r in one.reasons if r.code == "under_limit"), None)
        return {
            **self._said(one, group),
            "number": number,
            "url": row["url"],
            "rent": row["rent"],
            "fee": row["fee"],
            "limit": limit,
            "facts": [f for f in (row["size"], row["floor"], row["walk"]) if f] + self._ways(one),
            "tags": _kind_tags(home),
            "fresh": home_words.freshness(home.confirmed_on, self._shown.today),
        }

    def _said(self, one: proposals.Candidate, group: str) -> dict[str, Any]:
        """What the answer says of a home, and whether it can still be had."""
        home = self._shown.homes[one.home_id]
        vacant = home.state is HomeState.VACANT
        kept = home_words.kept_until(self._shown.held.get(home.id))
        return {
            "home_id": home.id,
            "name": home_words.full_name(home),
            "reason": self.sentence(one, group),
            "change": self._change(one),
            "question": "　".join(self._questions_of(one)) if group == "unknown" else None,
            "whom": home.agent.name if home.agent else None,
            "arrange": proposals.to_do(one.arrange),
            "score": self._score(one),
            "vacant": vacant,
            "held": kept or (None if vacant else HOME_STATE_LABELS[home.state]),
        }

    def sentence(self, one: proposals.Candidate, group: str) -> str:
        """Why this home, as one reads it aloud; each thing said once."""
        bare = replace(one, near=None, asks=()) if group != "fits" else one
        if self._blur(one):  # the facts beside it say 「およそ」
            bare = replace(bare, reasons=tuple(r for r in one.reasons if r.code != "distance"))
        return _once(proposals.home_sentences(bare, self._names))

    def _change(self, one: proposals.Candidate) -> str | None:
        """What would have to change; a gap in money would tell how much the household has."""
        if one.near is None:
            return None
        if one.near.key == "funds" and not self._reveal.funds:
            return str(_("初期費用が足りません。担当の相談員に相談してください。"))
        return proposals.near_sentences(one.near, self._names)

    def _questions_of(self, one: proposals.Candidate) -> list[str]:
        asked = (proposals.ask_sentence(ask, self._names) for ask in one.asks)
        return list(dict.fromkeys(asked))

    def open_questions(self, one: proposals.Candidate) -> tuple[str, ...]:
        """What is not known of a home yet, each with whom to ask."""
        home = self._shown.homes.get(one.home_id)
        desk = home.agent.name if home is not None and home.agent else _("貸主")
        asked = (
            f"{proposals.ask_sentence(ask, self._names)}"
            f"（{_('世帯に') if ask.whom.value == 'household' else desk}）"
            for ask in one.asks
        )
        return tuple(dict.fromkeys(asked))

    def ways_by_place(self, one: proposals.Candidate) -> dict[str, tuple[str, int]]:
        """How far a home is from each place the household goes to, in words and metres."""
        far = [reason for reason in one.reasons if reason.code in _PLACE_REASONS]
        return {r.subject: (self._far(r.amount, self._blur(one)), r.amount) for r in far}

    @staticmethod
    def _far(metres: int, blur: int) -> str:
        """A distance no more exact than the home's point is."""
        if not blur:
            return f"{metres / 1000:.1f}km"
        if metres > blur:
            return str(_("およそ%(far)s", far=f"{metres / 1000:.1f}km"))
        return str(_("同じ町内") if blur <= TOWN_METRES else _("近く（位置はおおよそ）"))

    def _ways(self, one: proposals.Candidate) -> list[str]:
        ways = []
        for reason in one.reasons:
            if reason.code not in _PLACE_REASONS:
                continue
            far = f"{reason.amount / 1000:.1f}km"
            ways.append(self._way(reason.subject, far, reason.amount, self._blur(one)))
        return ways

    @staticmethod
    def _way(place: str, far: str, metres: int, blur: int) -> str:
        """A distance no more exact than the home's point is."""
        if not blur:
            return str(_("%(place)sまで %(far)s", place=place, far=far))
        if metres > blur:
            return str(_("%(place)sまで およそ%(far)s", place=place, far=far))
        if blur <= TOWN_METRES:
            return str(_("%(place)sと同じ町内", place=place))
        return str(_("%(place)sの近く（位置はおおよそ）", place=place))

    def _blur(self, one: proposals.Candidate) -> int:
        """How many metres off the home's point may be."""
        home = self._shown.homes.get(one.home_id)
        return home_words.precision_metres(home.property.precision) if home else 0

    def _score(self, one: proposals.Candidate) -> dict[str, Any] | None:
        """The bar with its parts; none where it would tell how far the household goes."""
        has_places = any(part.key == "distance" for part in one.parts)
        if has_places and not self._reveal.places:
            return None
        parts = [
            {"label": PARTS[part.key], "points": round(part.points)}
            for part in one.parts
            if round(part.points)
        ]
        return {"total": sum(part["points"] for part in parts), "parts": parts}

    def questions(self, most: int = 5) -> list[dict[str, Any]]:
        """What to ask whom, the most useful first; one line for what reads the same."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for question in self.ranking.questions:
            text = proposals.ask_sentence(question.ask, self._names)
            whom = self._shown.whom.get(question.ask_id or -1)
            who = whom or (_("世帯") if question.ask.whom.value == "household" else _("貸主・取扱"))
            line = {
                "text": text,
                "whom": who,
                "unlocks": question.unlocks,
                "touches": question.touches,
                "sentence": proposals.question_sentence(question, self._names),
            }
            found.setdefault((text, who), line)
        return list(found.values())[:most]

    def failures(self) -> list[str]:
        """Which conditions take homes away, the most first."""
        lines = (proposals.failure_sentence(f, self._names) for f in self.ranking.failures)
        first: dict[str, str] = {}
        for line in lines:
            first.setdefault(line.partition("で")[0], line)
        return list(first.values())

    def what_ifs(self) -> list[dict[str, Any]]:
        """Changes of the household's side with how many homes each would add."""
        return [
            {
                "key": what.key,
                "kind": what.change.kind.value,
                "amount": what.change.amount,
                "subject": what.change.subject,
                "more": what.more,
                "sentence": proposals.what_if_sentence(what, self._names),
            }
            for what in self.ranking.what_ifs
            if self._reveal.funds or what.key != "funds"
        ]


def _once(text: str) -> str:
    """Sentences that became the same by holding something back are said once."""
    return "".join(dict.fromkeys(part + "。" for part in text.split("。") if part))


def _limit(amount: int) -> str:
    return str(_("上限より %(yen)s円低い", yen=f"{amount:,}"))


def _kind_tags(home: Home) -> list[Any]:
    tags: list[Any] = []
    if home.kind is not HomeKind.PRIVATE:
        tags.append(HOME_KIND_LABELS[home.kind])
    if home.missing_since is not None:
        tags.append((_("今月の一覧にない"), "warn"))
    return tags


def map_places(
    rows: Mapping[str, Collection[Mapping[str, Any]]],
    homes: Mapping[int, Home],
    case: Case | None,
) -> dict[str, Any]:
    """The map's data by group; the household's own places only when `case` is given."""
    pins = [
        {
            "lat": place.latitude,
            "lon": place.longitude,
            "label": row["name"],
            "url": row["url"],
            "number": row["number"],
            "group": group,
            "precision_m": home_words.precision_metres(place.precision),
        }
        for group, shown in rows.items()
        for row in shown
        if (place := homes[row["home_id"]].property).latitude is not None
    ]
    said = case.housing_need if case is not None else None
    anchors = [
        {"lat": anchor.latitude, "lon": anchor.longitude, "label": anchor.label}
        for anchor in (said.anchors if said is not None else [])
        if anchor.latitude is not None
    ]
    return {"tiles": True, "together": True, "homes": pins, "anchors": anchors}
