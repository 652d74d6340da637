"""A case: who asks for help, what they agreed to, what they need, and what has been done.

Every attribute of a person but the number is optional, because nobody is turned away for not
wanting to say (断らない相談支援).
"""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cases.consents.models import Consent, Disclosure
from app.cases.household.codes import CareLevel, MentalGrade, PhysicalGrade, School
from app.cases.household.models import Phone
from app.cases.intake.codes import Arrival, Insurance, LeaveReason, Pension, SourceKind, Work
from app.cases.needs.models import FoodProfile, HousingNeed
from app.cases.work.models import LogEntry, TeamMember
from app.db import (
    Base,
    Code,
    Day,
    Id,
    JsonList,
    Name,
    Text,
    Timestamps,
    Versioned,
    code_column,
    in_codes,
)
from app.japanese import age_on
from app.policy import Protection


class Stage(StrEnum):
    """Where a case stands in the chain; the step line of the case page."""

    INTAKE = "intake"
    ASSESSMENT = "assessment"
    NEEDS = "needs"
    CANDIDATES = "candidates"
    APPLICATION = "application"
    MOVED_IN = "moved_in"
    SETTLED = "settled"
    CLOSED = "closed"


STAGE_LABELS = {
    Stage.INTAKE: "受付",
    Stage.ASSESSMENT: "アセスメント",
    Stage.NEEDS: "住まいの希望",
    Stage.CANDIDATES: "候補",
    Stage.APPLICATION: "内見・申込",
    Stage.MOVED_IN: "入居・見守り",
    Stage.SETTLED: "地域に定着",
    Stage.CLOSED: "終結",
}


class Route(StrEnum):
    """How the person arrived, first level (座間市 H30: 本人・家族/庁内連携/庁外機関等/不明)."""

    OWN = "own"
    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


ROUTE_LABELS = {
    Route.OWN: "本人・家族から",
    Route.INSIDE: "庁内の課から",
    Route.OUTSIDE: "庁外の機関などから",
    Route.UNKNOWN: "不明・その他",
}


class WhoCame(StrEnum):
    SELF = "self"
    FAMILY = "family"
    OTHER = "other"


WHO_CAME_LABELS = {
    WhoCame.SELF: "本人",
    WhoCame.FAMILY: "家族",
    WhoCame.OTHER: "その他の人",
}


class Topic(StrEnum):
    """相談内容: the 15 + other items of 相談受付・申込票 (自立相談支援の標準様式)."""

    HEALTH = "health"
    HOUSING = "housing"
    INCOME = "income"
    RENT_LOAN = "rent_loan"
    TAXES = "taxes"
    DEBT = "debt"
    JOB_SEARCH = "job_search"
    JOB_TROUBLE = "job_trouble"
    COMMUNITY = "community"
    FAMILY = "family"
    CHILDREN = "children"
    CARE = "care"
    WITHDRAWAL = "withdrawal"
    VIOLENCE = "violence"
    FOOD = "food"
    OTHER = "other"


TOPIC_LABELS = {
    Topic.HEALTH: "病気や健康、障害のこと",
    Topic.HOUSING: "住まいについて",
    Topic.INCOME: "収入・生活費のこと",
    Topic.RENT_LOAN: "家賃やローンの支払いのこと",
    Topic.TAXES: "税金や公共料金等の支払いについて",
    Topic.DEBT: "債務について",
    Topic.JOB_SEARCH: "仕事探し、就職について",
    Topic.JOB_TROUBLE: "仕事上の不安やトラブル",
    Topic.COMMUNITY: "地域との関係について",
    Topic.FAMILY: "家族との関係について",
    Topic.CHILDREN: "子育てのこと",
    Topic.CARE: "介護のこと",
    Topic.WITHDRAWAL: "ひきこもり・不登校",
    Topic.VIOLENCE: "DV・虐待",
    Topic.FOOD: "食べるものがない",
    Topic.OTHER: "その他",
}


class Dwelling(StrEnum):
    """Where the person sleeps now (standard form codes and those the source cases need)."""

    OWNED = "owned"
    OWNED_LOAN = "owned_loan"
    RENTED = "rented"
    PUBLIC = "public"
    COMPANY = "company"
    COMPANY_LEAVING = "company_leaving"
    NET_CAFE = "net_cafe"
    ACQUAINTANCE = "acquaintance"
    HOSPITAL = "hospital"
    SHELTER = "shelter"
    CAR = "car"
    STREET = "street"
    OTHER = "other"
    UNKNOWN = "unknown"


DWELLING_LABELS = {
    Dwelling.RENTED: "民間の賃貸（アパート・借家）",
    Dwelling.PUBLIC: "公営住宅",
    Dwelling.OWNED: "持家",
    Dwelling.OWNED_LOAN: "持家（ローンあり）",
    Dwelling.COMPANY: "社員寮・借上げ",
    Dwelling.COMPANY_LEAVING: "社員寮（退去予定）",
    Dwelling.NET_CAFE: "ネットカフェ",
    Dwelling.ACQUAINTANCE: "知人・親族の家",
    Dwelling.HOSPITAL: "病院・施設（退院・退所予定）",
    Dwelling.SHELTER: "シェルター・一時宿泊",
    Dwelling.CAR: "車の中",
    Dwelling.STREET: "路上・公園など",
    Dwelling.OTHER: "その他",
    Dwelling.UNKNOWN: "まだ聞いていない",
}


class AgeBand(StrEnum):
    UNDER_20 = "under_20"
    TWENTIES = "20s"
    THIRTIES = "30s"
    FORTIES = "40s"
    FIFTIES = "50s"
    SIXTY_TO_64 = "60_64"
    SIXTY_FIVE_TO_74 = "65_74"
    OVER_75 = "75_over"
    UNKNOWN = "unknown"


AGE_BAND_LABELS = {
    AgeBand.UNDER_20: "10代以下",
    AgeBand.TWENTIES: "20代",
    AgeBand.THIRTIES: "30代",
    AgeBand.FORTIES: "40代",
    AgeBand.FIFTIES: "50代",
    AgeBand.SIXTY_TO_64: "60〜64歳",
    AgeBand.SIXTY_FIVE_TO_74: "65〜74歳",
    AgeBand.OVER_75: "75歳以上",
    AgeBand.UNKNOWN: "わからない",
}


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


SEX_LABELS = {Sex.FEMALE: "女", Sex.MALE: "男", Sex.OTHER: "そのほか", Sex.UNKNOWN: "聞いていない"}


class Relation(StrEnum):
    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    IN_LAW = "in_law"
    RELATIVE = "relative"
    HOUSEMATE = "housemate"
    APART = "apart"
    OTHER = "other"


RELATION_LABELS = {
    Relation.SELF: "本人",
    Relation.SPOUSE: "配偶者・パートナー",
    Relation.CHILD: "子",
    Relation.PARENT: "親",
    Relation.SIBLING: "きょうだい",
    Relation.GRANDPARENT: "祖父母",
    Relation.GRANDCHILD: "孫",
    Relation.IN_LAW: "配偶者の親・子の配偶者",
    Relation.RELATIVE: "そのほかの親族",
    Relation.HOUSEMATE: "同居人（親族でない）",
    Relation.APART: "別居の家族",
    Relation.OTHER: "その他",
}

PROTECTION_LABELS = {
    Protection.UNKNOWN: "まだ確かめていない（居場所は隠します）",
    Protection.NO: "必要ない",
    Protection.YES: "必要（居場所を隠します）",
}


class Outcome(StrEnum):
    """How a consultation ended. There is no "not eligible": nobody is turned away."""

    SETTLED = "settled"
    HOUSED = "housed"
    REFERRED = "referred"
    INFORMED = "informed"
    MOVED_AWAY = "moved_away"
    STOPPED = "stopped"
    DIED = "died"
    OTHER = "other"


OUTCOME_LABELS = {
    Outcome.SETTLED: "住まいが決まり、暮らしが落ち着いた",
    Outcome.HOUSED: "住まいが決まった",
    Outcome.REFERRED: "ほかの機関・制度につないだ",
    Outcome.INFORMED: "情報提供・相談で解決した",
    Outcome.MOVED_AWAY: "市外へ移った",
    Outcome.STOPPED: "本人の希望・連絡がとれず中断",
    Outcome.DIED: "亡くなった",
    Outcome.OTHER: "その他",
}


class CaseCounter(Base):
    """The last case number taken in a year; one UPDATE takes the next, so no two are alike."""

    __tablename__ = "case_counters"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Case(Timestamps, Versioned, Base):
    """相談ケース: one household's consultation."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        in_codes("stage", Stage),
        in_codes("route", Route),
        in_codes("who_came", WhoCame),
        in_codes("dwelling", Dwelling),
        in_codes("age_band", AgeBand),
        in_codes("protection", Protection),
        in_codes("arrival", Arrival),
        in_codes("source_kind", SourceKind),
        in_codes("leave_reason", LeaveReason),
        in_codes("work", Work),
        in_codes("insurance", Insurance),
        in_codes("pension", Pension),
        sa.CheckConstraint("household_size BETWEEN 1 AND 30", name="household_size"),
        sa.CheckConstraint(
            "name IS NOT NULL OR alias IS NOT NULL OR age_band <> 'unknown'", name="somebody"
        ),
        sa.Index("ix_cases_organisation_id_received_on", "organisation_id", "received_on"),
    )

    id: Mapped[Id]
    number: Mapped[Code]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    code_name: Mapped[Name]  # what roles without the name see; made by us, says nothing
    stage: Mapped[Stage] = code_column(Stage, default=Stage.INTAKE)
    protection: Mapped[Protection] = code_column(Protection, default=Protection.UNKNOWN)

    received_on: Mapped[Day]
    received_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"))
    who_came: Mapped[WhoCame] = code_column(WhoCame, default=WhoCame.SELF)
    route: Mapped[Route] = code_column(Route, default=Route.UNKNOWN)
    route_detail: Mapped[Name | None]
    arrival: Mapped[Arrival | None] = code_column(Arrival)
    source_kind: Mapped[SourceKind | None] = code_column(SourceKind)
    route_partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    law8: Mapped[bool] = mapped_column(default=False)

    caller_name: Mapped[Name | None]
    caller_phone: Mapped[Code | None]
    caller_relation: Mapped[Name | None]

    name: Mapped[Name | None]
    kana: Mapped[Name | None]
    kana_key: Mapped[Name | None] = mapped_column(index=True)
    alias: Mapped[Name | None]
    age_band: Mapped[AgeBand] = code_column(AgeBand, default=AgeBand.UNKNOWN)
    household_size: Mapped[int | None]
    municipality: Mapped[Name | None]

    # The place (T4 when protected).
    postal_code: Mapped[Code | None]
    prefecture: Mapped[Name | None]
    address: Mapped[Name | None]
    building: Mapped[Name | None]
    mail_blocked: Mapped[bool] = mapped_column(default=False)
    # The first of `phones`, for lists and papers; `phones` is what is edited.
    phone: Mapped[Code | None]
    phone_digits: Mapped[Code | None] = mapped_column(index=True)
    phone_note: Mapped[Name | None]

    dwelling: Mapped[Dwelling] = code_column(Dwelling, default=Dwelling.UNKNOWN)
    leave_by: Mapped[Day | None]
    leave_reason: Mapped[LeaveReason | None] = code_column(LeaveReason)
    work: Mapped[Work | None] = code_column(Work)
    insurance: Mapped[Insurance | None] = code_column(Insurance)
    pension: Mapped[Pension | None] = code_column(Pension)
    topics: Mapped[JsonList] = mapped_column(default=list)
    main_topic: Mapped[Code | None]
    story: Mapped[Text | None]

    closed_on: Mapped[Day | None]
    outcome: Mapped[Name | None]

    members: Mapped[list["Member"]] = relationship(
        cascade="all, delete-orphan", order_by="Member.position"
    )
    phones: Mapped[list[Phone]] = relationship(
        cascade="all, delete-orphan", order_by="Phone.position"
    )
    team: Mapped[list[TeamMember]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    consents: Mapped[list[Consent]] = relationship(lazy="selectin", order_by="Consent.id")
    disclosures: Mapped[list[Disclosure]] = relationship(lazy="selectin")
    housing_need: Mapped[HousingNeed | None] = relationship()
    food_profile: Mapped[FoodProfile | None] = relationship()
    log: Mapped[list[LogEntry]] = relationship(order_by="LogEntry.at.desc(), LogEntry.id.desc()")

    @property
    def living_together(self) -> list["Member"]:
        """Who sleeps and eats here: family living elsewhere belongs to the story alone."""
        return [member for member in self.members if member.relation != Relation.APART]


class Member(Versioned, Base):
    """世帯員. Age is kept as a birth date, or as an age on a day when that is all there is."""

    __tablename__ = "household_members"
    __table_args__ = (
        in_codes("relation", Relation),
        in_codes("sex", Sex),
        in_codes("handbook_physical", PhysicalGrade),
        in_codes("handbook_mental", MentalGrade),
        in_codes("care_level", CareLevel),
        in_codes("school", School),
        sa.CheckConstraint("age BETWEEN 0 AND 120", name="age"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    relation: Mapped[Relation] = code_column(Relation, default=Relation.SELF)
    name: Mapped[Name | None]
    kana: Mapped[Name | None]
    sex: Mapped[Sex] = code_column(Sex, default=Sex.UNKNOWN)
    born_on: Mapped[Day | None]
    age: Mapped[int | None]
    age_on: Mapped[Day | None]
    nationality: Mapped[Name | None]
    language: Mapped[Name | None]
    handbook_physical: Mapped[PhysicalGrade | None] = code_column(PhysicalGrade)
    # 療育手帳: each prefecture has grades of its own (A1, B2, 中度 …), so it is text.
    handbook_intellectual: Mapped[Code | None]
    handbook_mental: Mapped[MentalGrade | None] = code_column(MentalGrade)
    care_level: Mapped[CareLevel | None] = code_column(CareLevel)
    school: Mapped[School | None] = code_column(School)
    note: Mapped[Name | None]

    def age_at(self, day: date) -> int | None:
        """Completed years on a day; None when nobody told, or for a day before the birth.

        From the birth date, or from the age once told plus the whole years since it was: the
        least the person can be.
        """
        if self.born_on is not None:
            return age_on(self.born_on, day) if self.born_on <= day else None
        if self.age is None:
            return None
        told = self.age_on or day
        years = day.year - told.year - ((day.month, day.day) < (told.month, told.day))
        return self.age + max(years, 0)
