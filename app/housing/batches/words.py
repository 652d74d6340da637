"""A batch in words for one viewer: only households whose place they may know are in any of it.

Others are 「ほかの世帯」, never more than one of them: a count would tell. What a card says of a
household passes `Reveal` as on its own page of candidates. Where somebody sleeps now is for
consultants, so that whoever does not read it reads the list in the order of deadlines instead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from app.cases.models import Dwelling
from app.cases.records import case_title, shown_case
from app.housing.batches.models import BatchPolicy, LockKind, Outcome
from app.housing.batches.queries import SeenBatch
from app.housing.candidates.words import Reveal, Shown, Words
from app.housing.homes import words as home_words
from app.housing.models import Home
from app.housing.proposals import batch as machine
from app.housing.proposals import batch_words as engine_words
from app.policy import Tier

POLICY_LABELS = {
    BatchPolicy.PRIORITY: "優先順位",
    BatchPolicy.MOST: "できるだけ多く",
    BatchPolicy.FIT: "合い方",
}
POLICY_TEXTS = {
    BatchPolicy.PRIORITY: "期限・緊急度・待った日数の順に、入れる方を決めます",
    BatchPolicy.MOST: "入れる世帯の数を、いちばん多くします",
    BatchPolicy.FIT: "合い方の合計を、いちばん高くします",
}
LOCK_LABELS = {LockKind.FIXED: "固定", LockKind.NEVER: "なし"}
OUTCOME_LABELS = {
    Outcome.HELD: ("取り置き済み", "good"),
    Outcome.TAKEN: ("先に取られました", "bad"),
    Outcome.REFUSED: ("取り置けません", "bad"),
}
_URGENT = {
    Dwelling.STREET: "路上",
    Dwelling.CAR: "車の中",
    Dwelling.NET_CAFE: "ネットカフェ",
    Dwelling.SHELTER: "シェルター",
    Dwelling.ACQUAINTANCE: "知人・親族の家",
    Dwelling.HOSPITAL: "病院・施設",
    Dwelling.COMPANY: "社員寮",
}
OTHERS = "ほかの世帯"
TO_COME = "これから来る方"
_EMPTY_RANKING: Mapping[str, Any] = {
    "considered": 1, "counts": {}, "fits": [], "near": [], "unknown": [], "excluded": [],
    "failures": [], "questions": [], "what_ifs": [],
}  # fmt: skip


@dataclass(frozen=True)
class BatchWords:
    """One batch for one viewer, with the homes as they are now."""

    seen: SeenBatch
    homes: Mapping[int, Home]
    held: Mapping[int, datetime]
    today: date
    paper: bool = False

    @property
    def answer(self) -> Mapping[str, Any]:
        return self.seen.batch.answer

    # --------------------------------------------------------------------------- households

    def called(self, case_id: int) -> str:
        """「C-2026-0005　Bさん」"""
        seen = self.seen.cases[case_id]
        return f"{seen.case.number}　{case_title(shown_case(seen.case, seen.access))}"

    def number(self, case_id: int) -> str:
        return self.seen.cases[case_id].case.number

    @cached_property
    def standings(self) -> list[dict[str, Any]]:
        """Those who may be seen, in the order in which this viewer may read them."""
        there = [one for one in self.answer["order"] if self.seen.sees(one["id"])]
        if all(self.seen.cases[one["id"]].access.sees(Tier.CARE) for one in there):
            return there
        return sorted(there, key=lambda one: (_left(one), -one["waiting"], one["id"]))

    def standing(self, one: Mapping[str, Any]) -> list[str]:
        """Why a household stands where it stands, each in a few words."""
        seen = self.seen.cases[one["id"]]
        words = [_deadline(one["left"])]
        if not self.paper and one["protected"] and seen.access.sees(Tier.CONTACT):
            words.append(_("居場所を守る"))
        dwelling = Dwelling(one["dwelling"]) if one["dwelling"] else None
        if not self.paper and dwelling in _URGENT and seen.access.sees(Tier.CARE):
            words.append(_URGENT[dwelling])
        words.append(_("待ち%(n)d日", n=one["waiting"]))
        lifted = one["waiting"] // machine.LIFT_AFTER
        if lifted:
            words.append(_("長く待ったため%(n)d段くり上げ", n=lifted))
        return words

    # -------------------------------------------------------------------------------- pairs

    def pairs(self) -> list[dict[str, Any]]:
        """The proposed pairs, each with everything its card says."""
        by_case = {pair["case"]: pair for pair in self.answer["pairs"]}
        rows = [(one, by_case[one["id"]]) for one in self.standings if one["id"] in by_case]
        return [
            self._pair(number, one, pair)
            for number, (one, pair) in enumerate(rows, 1)
            if pair["home"] in self.homes
        ]

    def _pair(self, number: int, one: Mapping[str, Any], pair: Mapping[str, Any]) -> dict[str, Any]:
        case_id, home = pair["case"], self.homes[pair["home"]]
        outcome = self._outcome(case_id, home.id)
        card = self.card(case_id, pair["why"])
        return {
            "number": number,
            "case_id": case_id,
            "home_id": home.id,
            "value": f"{case_id}-{home.id}",
            "called": self.called(case_id),
            "case_number": self.number(case_id),
            "standing": self.standing(one),
            "home": card,
            "town": card["town"],
            "points": points(pair["benefit"]),
            "group": group_of(pair["why"]),
            "instead": self.names(pair["instead"]),
            "scarce": self._scarce(home.id),
            "lock": self._lock(case_id, home.id),
            "outcome": OUTCOME_LABELS[outcome.outcome] if outcome else None,
            "held": bool(outcome and outcome.outcome is Outcome.HELD),
            "outcome_note": outcome.note if outcome else None,
            "open": card["vacant"] and not (outcome and outcome.outcome is Outcome.HELD),
        }

    def card(self, case_id: int, why: Mapping[str, Any]) -> dict[str, Any]:
        """One home as a card of candidates says it to this viewer."""
        group = group_of(why)
        shown = Shown(self.homes, {}, self.held, self.today)
        words = Words({**_EMPTY_RANKING, group: [why]}, self._reveal(case_id), shown)
        [row] = words.rows(group)
        where = home_words.town(self.homes[row["home_id"]].property)
        return row | {"number": None, "town": where, "facts": [where, *row["facts"]]}

    def _reveal(self, case_id: int) -> Reveal:
        if self.paper:  # the paper lies about in meetings
            return Reveal(groups=False, places=False, stances=False)
        return Reveal.of(self.seen.cases[case_id].access)

    def _outcome(self, case_id: int, home_id: int) -> Any:
        found = [one for one in self.seen.batch.approvals
                 if (one.case_id, one.home_id) == (case_id, home_id)]  # fmt: skip
        return found[-1] if found else None

    def _lock(self, case_id: int, home_id: int) -> Any:
        return next(
            (
                lock
                for lock in self.seen.batch.locks
                if lock.undone_at is None and (lock.case_id, lock.home_id) == (case_id, home_id)
            ),
            None,
        )

    # -------------------------------------------------------------------- others and scarcity

    def trimmed(self, ids: Iterable[int]) -> list[int]:
        """Those who may be named, and at most one who may not."""
        listed = list(ids)
        others = [one for one in listed if not self.seen.sees(one)]
        return [one for one in listed if self.seen.sees(one)] + others[:1]

    def names(self, ids: Iterable[int]) -> str:
        """Case numbers, and 「ほかの世帯」 for whoever may not be named."""
        return "、".join(self.say.case(one) for one in self.trimmed(ids))

    @cached_property
    def say(self) -> engine_words.Say:
        everybody = {one["id"]: OTHERS for one in self.answer["order"]}
        known = {case_id: self.number(case_id) for case_id in self.seen.cases}
        return engine_words.Say(
            cases=everybody | {machine.SOMEBODY_TO_COME: TO_COME} | known,
            homes={home.id: home_words.full_name(home) for home in self.homes.values()},
            features=engine_words.SAYABLE,
        )

    def _scarce(self, home_id: int) -> str | None:
        """Who needs the home, counting those alone who may be seen."""
        seen = next((one for one in self.answer["scarce"] if one["home_id"] == home_id), None)
        if seen is None:
            return None
        depends = [
            {**one, "household_ids": [c for c in one["household_ids"] if self.seen.sees(c)]}
            for one in seen["depends"]
        ]
        without = seen["without"]
        loses = self.trimmed(without["loses"])
        there = [one for one in depends if one["household_ids"]]
        if not there and not loses:
            return None
        told = {**seen, "depends": there, "without": {**without, "loses": loses}}
        return engine_words.needed(told, self.say)

    def taken(self, case_id: int, loss: Mapping[str, Any]) -> str:
        """What it does to the others if the household takes a home."""
        told = {name: self.trimmed(loss[name]) for name in ("loses", "gains", "moves")}
        return engine_words.taken(case_id, {**loss, **told}, self.say)

    # ------------------------------------------------------------------------ left without

    def without(self) -> list[dict[str, Any]]:
        """The households left without, why, and what to look for."""
        possible = {one["case"]: one["possible"] for one in self.answer["without"]}
        return [
            {
                "case_id": one["id"],
                "called": self.called(one["id"]),
                "case_number": self.number(one["id"]),
                "standing": self.standing(one),
                "possible": possible[one["id"]],
                "why": _without_why(possible[one["id"]]),
                "recruits": self.recruits(one["id"]),
            }
            for one in self.standings
            if one["id"] in possible
        ]

    def recruits(self, case_id: int | None = None) -> list[str]:
        """What kind of home to look for, where all it would house may be seen."""
        return [
            engine_words.wanted(one, self._say_to(one["household_ids"]))
            for one in self.answer["recruits"]
            if all(self.seen.sees(other) for other in one["household_ids"])
            and (case_id is None or case_id in one["household_ids"])
        ]

    def _say_to(self, ids: Iterable[int]) -> engine_words.Say:
        """Groups are named only to whoever reads the groups of everybody concerned."""
        deep = all(self.seen.cases[one].access.sees(Tier.CARE) for one in ids)
        groups = Reveal(groups=True, places=False).names() if deep and not self.paper else {}
        return engine_words.Say(cases=self.say.cases, groups=groups)

    def doubtful(self) -> list[str]:
        """Households whose need has to be put right before a home can be looked for."""
        return [self.called(one) for one in self.answer["doubtful"] if self.seen.sees(one)]

    # -------------------------------------------------------------------- policies and moves

    def policies(self) -> list[dict[str, Any]]:
        """The three policies side by side, counting those alone who may be seen."""
        chosen = self._housed(self.seen.batch.policy)
        return [self._policy(policy, chosen) for policy in BatchPolicy]

    def _policy(self, policy: BatchPolicy, chosen: Mapping[int, int]) -> dict[str, Any]:
        housed = self._housed(policy)
        gains = [one["id"] for one in self.standings if one["id"] in housed.keys() - chosen.keys()]
        loses = [one["id"] for one in self.standings if one["id"] in chosen.keys() - housed.keys()]
        return {
            "code": policy.value,
            "label": POLICY_LABELS[policy],
            "text": POLICY_TEXTS[policy],
            "housed": len(housed),
            "points": points(sum(housed.values())),
            "chosen": policy is self.seen.batch.policy,
            "gains": self.names(gains),
            "loses": self.names(loses),
        }

    def _housed(self, policy: BatchPolicy) -> dict[int, int]:
        rows = self.answer["policies"][policy.value]["pairs"]
        return {case_id: benefit for case_id, _home, benefit in rows if self.seen.sees(case_id)}

    def moves(self) -> list[str]:
        """What changed with the last solving."""
        return [
            self._move(one) for one in self.answer["moves"] if self.seen.sees(one["household_id"])
        ]

    def _move(self, one: Mapping[str, Any]) -> str:
        """A home that came free from, or went to, somebody unnamed is not told by its way."""
        cause = one.get("cause")
        if cause in (None, machine.SOMEBODY_TO_COME) or self.seen.sees(cause):
            return engine_words.moved(one, self.say)
        case = self.number(one["household_id"])
        if one["after"] is None:
            return str(_("%(case)sは、ほかの組が変わったため、行き先がなくなります。", case=case))
        home = self.say.home(one["after"])
        return str(
            _("%(case)sは、ほかの組が変わったため、%(home)sに変わります。", case=case, home=home)
        )

    def kept(self) -> list[dict[str, Any]]:
        """The homes kept for those who are likely to come; nobody is named by them."""
        return [
            home_words.row(self.homes[one], today=self.today, held=self.held)
            for one in self.answer["kept"]
            if one in self.homes
        ]

    def locks(self) -> list[dict[str, Any]]:
        """The locks in force that this viewer may know of."""
        return [
            {
                "id": lock.id,
                "case_id": lock.case_id,
                "home_id": lock.home_id,
                "called": self.called(lock.case_id),
                "home": self.say.home(lock.home_id),
                "label": LOCK_LABELS[lock.kind],
                "kind": lock.kind.value,
                "reason": lock.reason,
                "made_by": lock.made_by,
                "at": lock.created_at,
            }
            for lock in self.seen.batch.locks
            if lock.undone_at is None and self.seen.sees(lock.case_id)
        ]


def home_ids(answer: Mapping[str, Any], batch: Any) -> set[int]:
    """Every home a batch's page may have to name."""
    ids = {pair["home"] for pair in answer["pairs"]} | set(answer["kept"])
    ids |= {lock.home_id for lock in batch.locks}
    for move in answer["moves"]:
        ids |= {home for home in (move["before"], move["after"]) if home is not None}
    return ids


def points(benefit: int) -> int:
    """How well it fits, in the points that cards show."""
    return round(benefit / machine.POINT)


def group_of(why: Mapping[str, Any]) -> str:
    """The group a possible home is in: with a question open it is not known yet."""
    return "unknown" if why.get("asks") else "fits"


def _left(one: Mapping[str, Any]) -> int:
    return machine.NO_DATE if one["left"] is None else int(one["left"])


def _deadline(left: int | None) -> str:
    if left is None:
        return str(_("期限なし"))
    if left < 0:
        return str(_("期限を%(n)d日過ぎた", n=-left))
    return str(_("期限まで%(n)d日", n=left) if left else _("期限はきょう"))


def _without_why(possible: int) -> str:
    if not possible:
        return str(_("いまの空きに、入れる住戸がありません。"))
    return str(
        _("入れる住戸は%(n)d室ありますが、ほかの世帯との組み合わせで使われています。", n=possible)
    )
