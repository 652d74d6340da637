"""One row of a list as a home, with what has to be asked about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.geocoding import split_address
from app.housing.codes import BuildingKind, Group
from app.housing.homes.keys import HomeKey, home_key
from app.housing.lists.cells import (
    Acceptance,
    Answer,
    Available,
    Guarantor,
    Station,
    parse_acceptance,
    parse_available,
    parse_guarantor,
    parse_lift,
    parse_station,
    parse_vacancies,
    part_of,
)
from app.housing.lists.columns import COMBINED, FIELD_NAMES, ListHead
from app.housing.lists.groups import COLUMN_GROUPS, column_words, group_named
from app.japanese import (
    PHONE_NUMBER,
    Built,
    Floor,
    Measure,
    Money,
    MoneyKind,
    Phone,
    Walk,
    narrow,
    parse_built,
    parse_floor,
    parse_number,
    parse_phone,
    parse_walk,
    parse_yen,
    postal_code,
)
from app.sheets import SheetRow, cell_text

_NUMBER_BEHIND = re.compile(
    rf"[\s(（]*(?:TEL|℡|☎|電話)?[\s:：.]*(?:{PHONE_NUMBER.pattern})[\s)）]*", re.IGNORECASE
)
BUILDING_KINDS = {
    "アパート": BuildingKind.APARTMENT,
    "マンション": BuildingKind.MANSION,
    **dict.fromkeys(("戸建", "戸建て", "一戸建", "一戸建て", "戸建住宅"), BuildingKind.HOUSE),
    **dict.fromkeys(("シェアハウス", "共同居住型"), BuildingKind.SHARED),
}
"""What a list calls a building; 共同住宅 may be an アパート or a マンション and stays unread."""
_YES = frozenset({"○", "〇", "◯", "有", "込", "込み", "はい", "込む", "yes"})
_NO = frozenset({"×", "無", "別", "いいえ", "別途", "no"})
_NOBODY = frozenset({"-", "－", "なし", "無", "×", "○", "未確認"})

LEAST_RENT = 1_000
"""Less than this is a rent typed in units of 10,000 yen ("4.1" or "4" for 41,000)."""


Places = Callable[[str], tuple[str, ...]]
"""The municipalities of this list in which a town may lie."""

LEAST_AREA, MOST_AREA = Decimal("0.01"), Decimal(9_999)  # what a home's own page takes as well
LONGEST_NAME = 200
LEAST_SUM = {"fee": 100, "deposit": 1_000, "key_money": 1_000}
"""Less than this may be yen, months of rent or units of 10,000 yen."""


class Severity(StrEnum):
    """Whether a row was held back or taken in with a question."""

    HELD = "held"
    QUESTION = "question"


@dataclass(frozen=True)
class RowProblem:
    """What a person should decide about a row. ``what`` is a field of the mapping; ``column`` its
    head as the list has it, or None when the list has no such column.
    """

    row: int
    column: str | None
    what: str
    sentence: str
    severity: Severity


@dataclass(frozen=True)
class ParsedHome:
    """One home of a list. Names are as typed; amounts, areas and dates keep their typed form
    inside.

    ``municipality`` is "" when it is neither written nor found; ``municipality_guessed`` says that
    it was found by the town's name among the municipalities of the same list.
    """

    row: int
    key: HomeKey
    building: str
    room: str
    address: str
    municipality: str
    municipality_guessed: bool
    layout: str
    area: Measure
    rent_yen: int
    rent: Money
    fee: Money
    deposit: Money
    key_money: Money
    built: Built
    floor: Floor
    lift: bool | None
    station: Station
    walk: Walk
    guarantor: Guarantor
    acceptance: dict[str, Acceptance]
    pets: Acceptance
    available: Available
    vacant: bool | None
    postal_code: str | None
    structure: str
    building_kind: BuildingKind | None
    agent: str
    landlord: str
    phone: Phone
    remarks: str
    as_typed: dict[str, str] = field(repr=False)

    @property
    def area_m2(self) -> Decimal | None:
        """The floor area in square metres, as far as it is known."""
        return self.area.value

    @property
    def fee_included(self) -> bool:
        """Whether the fee (共益費) is part of the rent."""
        return self.fee.kind is MoneyKind.INCLUDED


class RowReader:
    """Reads one row and collects what to ask about it."""

    def __init__(self, row: SheetRow, head: ListHead, today: date, places: Places) -> None:
        self.number = row.number
        self.problems: list[RowProblem] = []
        self._row = row
        self._head = head
        self._today = today
        self._places = places
        self.as_typed = {
            head.labels.get(column, f"（{column}列目）"): cell_text(cell)
            for column, cell in enumerate(row.cells, 1)
            if column in head.labels or cell_text(cell)
        }

    def home(self) -> ParsedHome | None:
        """The home, or None when the row has to be held back; then a problem says why."""
        building, address = self._needed("building"), self._needed("address")
        rent = self._rent()
        municipality, guessed = self._municipality(address)
        if any(problem.severity is Severity.HELD for problem in self.problems):
            return None
        lift, lift_problem = parse_lift(self._text("lift"))
        self._ask("lift", lift_problem)
        guarantor, guarantor_problem = parse_guarantor(self._text("guarantor"))
        self._ask("guarantor", guarantor_problem)
        return ParsedHome(
            row=self.number,
            key=home_key(address, building, self._text("room"), municipality=municipality),
            building=building,
            room=self._text("room"),
            address=address,
            municipality=municipality,
            municipality_guessed=guessed,
            layout=narrow(self._text("layout")).replace(" ", "").upper(),
            area=self._area(),
            rent_yen=rent.yen or 0,
            rent=rent,
            fee=self._fee(),
            deposit=self._money("deposit"),
            key_money=self._money("key_money"),
            built=self._built(),
            floor=self._floor(),
            lift=lift,
            station=parse_station(self._text("station")),
            walk=self._walk(),
            guarantor=guarantor,
            acceptance=self._acceptance(),
            pets=self._accepted("pets"),
            available=self._available(),
            vacant=self._vacant(),
            postal_code=postal_code(self._text("postal_code")),
            structure=self._text("structure"),
            building_kind=BUILDING_KINDS.get(narrow(self._text("kind"))),
            agent=self._agent(),
            landlord=self._name_in("landlord"),
            phone=self._phone(),
            remarks=self._remarks(),
            as_typed=self.as_typed,
        )

    @property
    def key(self) -> HomeKey | None:
        """Which home a row names, even one that is held back for its rent."""
        building, address = self._text("building"), self._text("address")
        if not building or not address:
            return None
        municipality, _ = self._place_of(address)
        return home_key(address, building, self._text("room"), municipality=municipality)

    def _text(self, what: str) -> str:
        column = self._head.columns.get(what)
        if column is None:
            return self._part(what)
        if column > len(self._row.cells):
            return ""
        return cell_text(self._row.cells[column - 1]).strip()

    def _part(self, what: str) -> str:
        """Its part of a cell that holds two things; a cell that cannot be parted is asked about."""
        for combined, parts in COMBINED.items():
            if what not in parts or combined not in self._head.columns:
                continue
            whole = self._text(combined)
            found = part_of(combined, whole) if whole else ("", "")
            if found is not None:
                return found[parts.index(what)]
            if what == parts[1]:
                names = "と".join(FIELD_NAMES[part] for part in parts)
                self._ask(combined, f"「{whole}」を{names}に分けられません。別々に書いてください。")
        return ""

    def _say(self, what: str, sentence: str, severity: Severity) -> None:
        at = self._head.columns.get(what) or next(
            (self._head.columns[both] for both, parts in COMBINED.items()
             if what in parts and both in self._head.columns), 0
        )  # fmt: skip
        label = self._head.labels.get(at)
        self.problems.append(RowProblem(self.number, label, what, sentence, severity))

    def _ask(self, what: str, sentence: str | None) -> None:
        if sentence:
            self._say(what, sentence, Severity.QUESTION)

    def _needed(self, what: str) -> str:
        text = self._text(what)
        if not text:
            sentence = f"{FIELD_NAMES[what]}がありません。{FIELD_NAMES[what]}を書き足してください。"
            self._say(what, sentence, Severity.HELD)
        return text

    def _rent(self) -> Money:
        """The rent; a rent that is not an amount holds the row back, it is never guessed."""
        rent = parse_yen(self._text("rent"))
        if rent.kind is MoneyKind.BLANK:
            self._needed("rent")
        elif rent.kind is not MoneyKind.AMOUNT:
            sentence = (
                f"家賃が「{rent.as_typed}」で、金額が分かりません。"
                "貸主か取扱店に聞いて入れてください。"
            )
            self._say("rent", sentence, Severity.HELD)
        elif rent.yen is not None and rent.yen < LEAST_RENT:
            sentence = f"家賃が{rent.yen}円になります。「万円」の書き忘れでないか確かめてください。"
            self._say("rent", sentence, Severity.HELD)
        return rent

    def _municipality(self, address: str) -> tuple[str, bool]:
        stated, street = split_address(address)
        if not address:
            return "", False
        if stated:
            if not street:
                sentence = f"所在地が「{address}」だけです。町名と番地を書き足してください。"
                self._say("address", sentence, Severity.HELD)
            return stated.name, False
        name, found = self._place_of(address)
        if name:
            return name, True
        if found:
            names = "と".join(found)
            sentence = f"「{address}」は{names}にある町名です。どの市か選んでください。"
        else:
            sentence = f"「{address}」の市区町村が分かりません。市区町村を書き足してください。"
        self._ask("address", sentence)
        return "", False

    def _place_of(self, address: str) -> tuple[str, tuple[str, ...]]:
        """The one municipality an address lies in, stated or by its town, and all that it may."""
        stated, _ = split_address(address)
        if stated:
            return stated.name, (stated.name,)
        found = self._places(address)
        return (found[0], found) if len(found) == 1 else ("", found)

    def _fee(self) -> Money:
        """The fee from its column; else what the list says of it beside the rent."""
        columns = self._head.columns
        if "fee" in columns or "rent_fee" in columns:
            return self._money("fee")
        inside = self._text("fee_inside")
        label = self._head.labels.get(columns.get("rent", 0), "")
        if narrow(inside).casefold() in _YES or (not inside and re.search("[費料]等?込", label)):
            return Money(inside or label, MoneyKind.INCLUDED, yen=0)
        if narrow(inside).casefold() in _NO:
            return Money("", MoneyKind.BLANK)
        money = parse_yen(inside)
        self._ask("fee_inside", money.problem)
        return money

    def _vacant(self) -> bool | None:
        vacant, problem = parse_vacancies(self._text("vacancies"))
        self._ask("vacancies", problem)
        return vacant

    def _agent(self) -> str:
        """The agent's name alone: everybody reads it, a number written behind it not."""
        text = self._name_in("agent")
        return _NUMBER_BEHIND.sub("", text).strip() if PHONE_NUMBER.search(text) else text

    def _name_in(self, what: str) -> str:
        text = self._text(what)
        if len(text) > LONGEST_NAME:
            self._ask(
                what, f"名前が{LONGEST_NAME}文字を超えています。はじめの部分だけを読みました。"
            )
        return text[:LONGEST_NAME].strip()

    def _remarks(self) -> str:
        """The remarks without telephone numbers: those are for who phones, not for every reader."""
        return PHONE_NUMBER.sub("（電話番号は連絡先へ）", self._text("remarks"))

    def _money(self, what: str) -> Money:
        money = parse_yen(self._text(what))
        if money.kind is MoneyKind.AMOUNT and (money.yen or 0) < LEAST_SUM[what]:
            sentence = f"「{money.as_typed}」が円か何ヶ月分か分かりません。単位を確かめてください。"
            money = Money(money.as_typed, MoneyKind.UNKNOWN, problem=sentence)
        self._ask(what, money.problem)
        return money

    def _area(self) -> Measure:
        area = parse_number(self._text("area"))
        self._ask("area", area.problem)
        if area.value is not None and not LEAST_AREA <= area.value <= MOST_AREA:
            self._ask(
                "area", f"「{area.as_typed[:40]}」は広さとして記録できません。未確認とします。"
            )
            return replace(area, value=None)
        if area.value is not None and not 3 <= area.value <= 500:
            self._ask("area", f"面積が{area.value}㎡になります。桁を確かめてください。")
        return area

    def _built(self) -> Built:
        built = parse_built(self._text("built"), today=self._today)
        self._ask("built", built.problem)
        return built

    def _floor(self) -> Floor:
        """The floor, with the storeys from their own column where a list has one."""
        floor = parse_floor(self._text("floor"))
        self._ask("floor", floor.problem)
        storeys = parse_number(self._text("storeys").removesuffix("階建").removesuffix("階"))
        if floor.of_floors is None and storeys.value is not None:
            return Floor(floor.as_typed, floor.floor, int(storeys.value), floor.problem)
        return floor

    def _walk(self) -> Walk:
        """Minutes from their own column, else from behind the station's name."""
        text = self._text("walk")
        if not text and (found := re.search(r"(?:バス|徒歩|歩).*分", self._text("station"))):
            text = found[0]
        walk = parse_walk(text)
        self._ask("walk", walk.problem)
        return walk

    def _accepted(self, what: str) -> Acceptance:
        acceptance = parse_acceptance(self._text(what))
        self._ask(what, acceptance.problem)
        return acceptance

    def _acceptance(self) -> dict[str, Acceptance]:
        """Per group: from its own column, else from the register's list of groups and conditions.

        The register names only the groups that are not refused; the others stay unknown.
        """
        named = self._listed_groups()
        answers = {}
        for group, code in COLUMN_GROUPS.items():
            if group in self._head.columns:
                answers[group] = self._accepted(group)
            else:
                answers[group] = named.pop(code, Acceptance(Answer.UNKNOWN))
        for group in column_words():
            if group in self._head.columns:
                answers[group] = self._accepted(group)
        return answers | {code.value: answer for code, answer in named.items()}

    def _listed_groups(self) -> dict[Group, Acceptance]:
        families, joined = "ひとり親・子育て", "ひとり親＿子育て"
        conditions = {}
        for part in re.split(r"[；;\n]", self._text("conditions")):
            name, colon, words = part.partition("：" if "：" in part else ":")
            if colon and (group := group_named(name)) is not None:
                conditions[group] = words.strip()
        answers = {}
        for part in re.split(r"[、,・/\n]\s*", self._text("acceptance").replace(families, joined)):
            name = part.strip().replace(joined, families)
            group = group_named(name)
            if group is None:
                if name and name not in _NOBODY:
                    self._ask(
                        "acceptance", f"「{name}」は対象として読めません。言葉を確かめてください。"
                    )
                continue
            words = conditions.get(group, "")
            typed = f"{name}：{words}" if words else name
            answers[group] = replace(parse_acceptance(words or "可"), as_typed=typed)
            self._ask("conditions", answers[group].problem)
        return answers

    def _available(self) -> Available:
        available = parse_available(self._text("available"), today=self._today)
        self._ask("available", available.problem)
        return available

    def _phone(self) -> Phone:
        phone = parse_phone(self._text("phone"))
        beside = PHONE_NUMBER.search(self._text("agent"))
        found = PHONE_NUMBER.search(self._text("remarks"))
        if beside and not phone.as_typed:
            phone = parse_phone(beside[0])
        elif found and not phone.as_typed:
            phone = parse_phone(found[0])
            self._ask(
                "remarks", "備考の電話番号を連絡先として読みました。誰の番号か確かめてください。"
            )
        self._ask("phone", phone.problem)
        return phone
