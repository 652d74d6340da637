"""Assessments and their master of issues, telephone numbers, the people of a household in full.

Every row stays: a number noted with a case becomes its first telephone number. Going back, the
codes that were split are one again, as they were understood before the split.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# 課題と特性 of インテーク・アセスメントシート: code, name, aliases (座間市 H30 and everyday words),
# what usually helps (座間市's own mapping), questions of the noticing chart, for the team alone.
ISSUES = (
    ("illness", "病気", ["疾病"], ["自立相談支援"], ["body"], False),
    ("injury", "けが", [], ["自立相談支援"], ["body"], False),
    ("disability", "障害（手帳有）", ["障がい"], ["自立相談支援"], [], False),
    ("disability_suspected", "障害（疑い）", ["障がいの疑い"], ["就労準備支援"], ["papers"], False),
    ("suicide_attempt", "自死企図", ["自殺企図"], ["自立相談支援"], [], True),
    (
        "mental_health",
        "その他メンタルヘルスの課題（うつ・不眠・不安・依存症・適応障害など）",
        ["メンタルヘルス"],
        ["自立相談支援"],
        ["mind"],
        False,
    ),
    (
        "housing_unstable",
        "住まい不安定",
        ["住まいの不安定"],
        ["居住支援", "住居確保給付金"],
        ["roof", "rent"],
        False,
    ),
    ("homeless", "ホームレス", ["路上生活"], ["居住支援", "一時生活支援"], ["roof"], False),
    (
        "poverty",
        "経済的困窮",
        ["生活困窮"],
        ["自立相談支援", "フードバンク"],
        ["food", "money", "rent"],
        False,
    ),
    ("debt", "（多重・過重）債務", ["債務", "借金"], ["家計改善支援", "法律相談"], ["debt"], False),
    ("budgeting", "家計管理の課題", ["家計管理の問題"], ["家計改善支援"], ["money"], False),
    ("job_finding", "就職活動困難", ["就活困難"], ["無料職業紹介"], ["work"], False),
    ("job_keeping", "就職定着困難", [], ["無料職業紹介", "就労準備支援"], ["work"], False),
    ("daily_rhythm", "生活習慣の乱れ", [], ["就労準備支援"], ["mind"], False),
    (
        "isolation",
        "社会的孤立（ニート・ひきこもりなどを含む）",
        ["社会的孤立", "ひきこもり"],
        ["就労準備支援"],
        ["alone"],
        False,
    ),
    ("family", "家族関係・家族の問題", ["家族関係"], ["自立相談支援"], ["family"], False),
    ("care", "介護", ["介護疲れ"], ["自立相談支援"], ["care"], False),
    ("child_rearing", "子育て", [], ["子どもの学習・生活支援"], ["child"], False),
    ("truancy", "不登校", [], ["子どもの学習・生活支援"], ["child"], False),
    ("delinquency", "非行", [], ["子どもの学習・生活支援"], ["child"], False),
    ("left_school", "中卒・高校中退", [], ["無料職業紹介", "就労準備支援"], [], False),
    ("single_parent", "ひとり親", [], ["子どもの学習・生活支援"], [], False),
    ("violence", "DV・虐待", ["暴力"], ["自立相談支援"], ["family"], False),
    ("foreign", "外国籍", [], ["自立相談支援"], ["papers"], False),
    ("ex_offender", "刑余者", [], ["自立相談支援"], [], False),
    ("communication", "コミュニケーションが苦手", [], ["就労準備支援"], ["work", "papers"], False),
    ("ability", "本人の能力の課題（識字・言語・理解等）", [], ["自立相談支援"], ["papers"], False),
    ("disaster", "被災", [], ["自立相談支援"], [], False),
    ("other", "その他", [], ["自立相談支援"], [], False),
)

NEW_CASE_CHECKS = {
    "arrival": "'came', 'contacted', 'family', 'outreach', 'referral', 'other'",
    "source_kind": "'section', 'organisation', 'landlord', 'realtor', 'guarantor_company', 'other'",
    "leave_reason": "'rent_burden', 'neighbours', 'discharge', 'separation', 'disaster', 'demolition', 'eviction', 'dormitory', 'other'",
    "work": "'regular', 'part_time', 'self_employed', 'student_home', 'pension', 'jobless', 'other'",
    "insurance": "'employee', 'national', 'elderly', 'assistance', 'none', 'other'",
    "pension": "'receiving', 'enrolled', 'exempt', 'unpaid', 'none'",
}
NEW_MEMBER_CHECKS = {
    "handbook_physical": "'1', '2', '3', '4', '5', '6', 'unknown'",
    "handbook_mental": "'1', '2', '3', 'unknown'",
    "care_level": "'programme', 'support_1', 'support_2', 'care_1', 'care_2', 'care_3', 'care_4', 'care_5', 'applying'",
    "school": "'home', 'nursery', 'primary', 'junior_high', 'high', 'higher', 'special', 'left'",
}
DWELLINGS = "'owned', {}'rented', 'public', 'company', {}'net_cafe', 'acquaintance', 'hospital', 'shelter', 'car', 'street', 'other', 'unknown'"
NEW_DWELLINGS = ("'owned_loan', ", "'company_leaving', ")
RELATIONS = "'self', 'spouse', 'child', 'parent', 'sibling', {}'other'"
NEW_RELATIONS = "'grandparent', 'grandchild', 'in_law', 'relative', 'housemate', 'apart', "


def upgrade() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("national_code", sa.String(length=40), nullable=True),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("services", JSON, nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("team_only", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issues")),
        sa.UniqueConstraint("code", name=op.f("uq_issues_code")),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("factors", JSON, nullable=False),
        sa.Column("team_factors", JSON, nullable=False),
        sa.Column("living_with", sa.Integer(), nullable=True),
        sa.Column("marital", sa.String(40), nullable=True),
        sa.Column("family", sa.Text(), nullable=True),
        sa.Column("community", sa.Text(), nullable=True),
        sa.Column("rent", sa.Integer(), nullable=True),
        sa.Column("loan", sa.Integer(), nullable=True),
        sa.Column("guarantor", sa.String(40), nullable=False),
        sa.Column("emergency_contact", sa.String(40), nullable=False),
        sa.Column("health", sa.String(40), nullable=True),
        sa.Column("diagnosis", sa.String(length=200), nullable=True),
        sa.Column("visits_doctor", sa.String(40), nullable=False),
        sa.Column("takes_medicine", sa.String(40), nullable=False),
        sa.Column("stairs_hard", sa.String(40), nullable=False),
        sa.Column("wheelchair", sa.String(40), nullable=False),
        sa.Column("health_note", sa.Text(), nullable=True),
        sa.Column("public_assistance", sa.String(40), nullable=True),
        sa.Column("debt_settlement", sa.String(40), nullable=True),
        sa.Column("money_note", sa.Text(), nullable=True),
        sa.Column("last_worked_on", sa.Date(), nullable=True),
        sa.Column("licences", sa.String(length=200), nullable=True),
        sa.Column("driving", sa.String(40), nullable=False),
        sa.Column("education", sa.String(length=200), nullable=True),
        sa.Column("wish_for_work", sa.Text(), nullable=True),
        sa.Column("job_stage", sa.String(40), nullable=True),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("screening", sa.String(40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "debt_settlement IN ('none', 'considering', 'going_on', 'done')",
            name=op.f("ck_assessments_debt_settlement"),
        ),
        sa.CheckConstraint(
            "driving IN ('yes', 'no', 'unknown')", name=op.f("ck_assessments_driving")
        ),
        sa.CheckConstraint(
            "emergency_contact IN ('yes', 'no', 'unknown')",
            name=op.f("ck_assessments_emergency_contact"),
        ),
        sa.CheckConstraint(
            "guarantor IN ('yes', 'no', 'unknown')", name=op.f("ck_assessments_guarantor")
        ),
        sa.CheckConstraint(
            "health IN ('good', 'fair', 'poor')", name=op.f("ck_assessments_health")
        ),
        sa.CheckConstraint(
            "job_stage IN ('connect', 'prepare', 'wish', 'adjust', 'search', 'own')",
            name=op.f("ck_assessments_job_stage"),
        ),
        sa.CheckConstraint(
            "marital IN ('single', 'married', 'divorced', 'widowed', 'separated')",
            name=op.f("ck_assessments_marital"),
        ),
        sa.CheckConstraint(
            "public_assistance IN ('none', 'consulting', 'applying', 'receiving', 'ended')",
            name=op.f("ck_assessments_public_assistance"),
        ),
        sa.CheckConstraint(
            "screening IN ('inform', 'refer', 'plan', 'continue', 'stopped')",
            name=op.f("ck_assessments_screening"),
        ),
        sa.CheckConstraint(
            "stairs_hard IN ('yes', 'no', 'unknown')", name=op.f("ck_assessments_stairs_hard")
        ),
        sa.CheckConstraint("state IN ('draft', 'done')", name=op.f("ck_assessments_state")),
        sa.CheckConstraint(
            "takes_medicine IN ('yes', 'no', 'unknown')", name=op.f("ck_assessments_takes_medicine")
        ),
        sa.CheckConstraint(
            "visits_doctor IN ('yes', 'no', 'unknown')", name=op.f("ck_assessments_visits_doctor")
        ),
        sa.CheckConstraint(
            "wheelchair IN ('yes', 'no', 'unknown')", name=op.f("ck_assessments_wheelchair")
        ),
        sa.CheckConstraint("living_with BETWEEN 0 AND 30", name=op.f("ck_assessments_living_with")),
        sa.CheckConstraint("loan >= 0", name=op.f("ck_assessments_loan")),
        sa.CheckConstraint("rent >= 0", name=op.f("ck_assessments_rent")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_assessments_round")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_assessments_author_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_assessments_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_assessments_case_id_round")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessments_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_phones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("digits", sa.String(length=40), nullable=True),
        sa.Column("whose", sa.String(length=200), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("voicemail", sa.String(40), nullable=False),
        sa.Column("best_time", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "voicemail IN ('yes', 'no', 'unknown')", name=op.f("ck_case_phones_voicemail")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_phones_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_phones")),
    )
    with op.batch_alter_table("case_phones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_phones_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_phones_digits"), ["digits"], unique=False)

    op.create_table(
        "noticing_charts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_noticing_charts_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_noticing_charts_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_noticing_charts")),
    )
    with op.batch_alter_table("noticing_charts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_noticing_charts_case_id"), ["case_id"], unique=False)

    op.create_table(
        "assessment_amounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("yen", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('income', 'benefit', 'asset', 'debt', 'arrears_rent', 'arrears_tax', 'arrears_other')",
            name=op.f("ck_assessment_amounts_kind"),
        ),
        sa.CheckConstraint("months BETWEEN 0 AND 600", name=op.f("ck_assessment_amounts_months")),
        sa.CheckConstraint("yen >= 0", name=op.f("ck_assessment_amounts_yen")),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_assessment_amounts_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_amounts")),
    )
    with op.batch_alter_table("assessment_amounts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_amounts_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "assessment_issues",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_assessment_issues_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issues.id"], name=op.f("fk_assessment_issues_issue_id_issues")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "issue_id", name=op.f("pk_assessment_issues")),
    )
    with op.batch_alter_table("assessment_issues", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_issues_issue_id"), ["issue_id"], unique=False
        )

    op.create_table(
        "assessment_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=True),
        sa.Column("work", sa.String(length=200), nullable=True),
        sa.Column("since", sa.String(length=40), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_assessment_jobs_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_jobs")),
    )
    with op.batch_alter_table("assessment_jobs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_jobs_assessment_id"), ["assessment_id"], unique=False
        )

    op.create_table(
        "assessment_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessments.id"],
            name=op.f("fk_assessment_revisions_assessment_id_assessments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["users.id"], name=op.f("fk_assessment_revisions_saved_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_revisions")),
        sa.UniqueConstraint(
            "assessment_id", "version", name=op.f("uq_assessment_revisions_assessment_id_version")
        ),
    )
    with op.batch_alter_table("assessment_revisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessment_revisions_assessment_id"), ["assessment_id"], unique=False
        )

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arrival", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("source_kind", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("route_partner_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("caller_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("caller_phone", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("caller_relation", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("prefecture", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("building", sa.String(length=200), nullable=True))
        batch_op.add_column(
            sa.Column("mail_blocked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("leave_reason", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("work", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("insurance", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("pension", sa.String(40), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_cases_route_partner_id"), ["route_partner_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_cases_route_partner_id_partners"),
            "partners",
            ["route_partner_id"],
            ["id"],
        )

    with op.batch_alter_table("household_members", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nationality", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("handbook_physical", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("handbook_intellectual", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("handbook_mental", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("care_level", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("school", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))

    _check_codes()
    _fill_master()
    op.execute(
        "INSERT INTO case_phones (case_id, position, number, digits, note, secret, voicemail)"
        " SELECT id, 0, phone, phone_digits, phone_note, false, 'unknown' FROM cases"
        " WHERE phone IS NOT NULL"
    )


def _check_codes() -> None:
    """The promises about codes, and no default where the application says what a new row is."""
    with op.batch_alter_table("cases") as batch_op:
        batch_op.alter_column("mail_blocked", server_default=None)
        for column, codes in NEW_CASE_CHECKS.items():
            name = batch_op.f(f"ck_cases_{column}")
            batch_op.create_check_constraint(name, f"{column} IN ({codes})")
        batch_op.drop_constraint(batch_op.f("ck_cases_dwelling"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_cases_dwelling"),
            f"dwelling IN ({DWELLINGS.format(*NEW_DWELLINGS)})",
        )
    with op.batch_alter_table("household_members") as batch_op:
        batch_op.alter_column("version", server_default=None)
        for column, codes in NEW_MEMBER_CHECKS.items():
            name = batch_op.f(f"ck_household_members_{column}")
            batch_op.create_check_constraint(name, f"{column} IN ({codes})")
        batch_op.drop_constraint(batch_op.f("ck_household_members_relation"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_household_members_relation"),
            f"relation IN ({RELATIONS.format(NEW_RELATIONS)})",
        )


def _fill_master() -> None:
    """The 29 issues as shipped; an installation changes them on its own page."""
    table = sa.table(
        "issues",
        *(sa.column(name) for name in ("code", "name", "national_code", "position", "active")),
        *(sa.column(name, JSON) for name in ("aliases", "services", "questions")),
        *(sa.column(name) for name in ("team_only", "created_at", "version")),
    )
    now = datetime.now(UTC)
    rows = [
        {
            "code": code,
            "name": name,
            "national_code": f"{number:02}",
            "position": number * 10,
            "active": True,
            "aliases": aliases,
            "services": services,
            "questions": questions,
            "team_only": team_only,
            "created_at": now,
            "version": 1,
        }
        for number, (code, name, aliases, services, questions, team_only) in enumerate(ISSUES, 1)
    ]
    op.bulk_insert(table, rows)


def downgrade() -> None:
    op.execute("UPDATE cases SET dwelling = 'company' WHERE dwelling = 'company_leaving'")
    op.execute("UPDATE cases SET dwelling = 'owned' WHERE dwelling = 'owned_loan'")
    op.execute(
        f"UPDATE household_members SET relation = 'other' WHERE relation IN ({NEW_RELATIONS}'')"
    )
    with op.batch_alter_table("household_members") as batch_op:
        for column in NEW_MEMBER_CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_household_members_{column}"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_household_members_relation"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_household_members_relation"), f"relation IN ({RELATIONS.format('')})"
        )
    with op.batch_alter_table("cases") as batch_op:
        for column in NEW_CASE_CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_cases_{column}"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_cases_dwelling"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_cases_dwelling"), f"dwelling IN ({DWELLINGS.format('', '')})"
        )
    with op.batch_alter_table("household_members", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("note")
        batch_op.drop_column("school")
        batch_op.drop_column("care_level")
        batch_op.drop_column("handbook_mental")
        batch_op.drop_column("handbook_intellectual")
        batch_op.drop_column("handbook_physical")
        batch_op.drop_column("language")
        batch_op.drop_column("nationality")

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_cases_route_partner_id_partners"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_cases_route_partner_id"))
        batch_op.drop_column("pension")
        batch_op.drop_column("insurance")
        batch_op.drop_column("work")
        batch_op.drop_column("leave_reason")
        batch_op.drop_column("mail_blocked")
        batch_op.drop_column("building")
        batch_op.drop_column("prefecture")
        batch_op.drop_column("caller_relation")
        batch_op.drop_column("caller_phone")
        batch_op.drop_column("caller_name")
        batch_op.drop_column("route_partner_id")
        batch_op.drop_column("source_kind")
        batch_op.drop_column("arrival")

    with op.batch_alter_table("assessment_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_revisions_assessment_id"))

    op.drop_table("assessment_revisions")
    with op.batch_alter_table("assessment_jobs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_jobs_assessment_id"))

    op.drop_table("assessment_jobs")
    with op.batch_alter_table("assessment_issues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_issues_issue_id"))

    op.drop_table("assessment_issues")
    with op.batch_alter_table("assessment_amounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_amounts_assessment_id"))

    op.drop_table("assessment_amounts")
    with op.batch_alter_table("noticing_charts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_noticing_charts_case_id"))

    op.drop_table("noticing_charts")
    with op.batch_alter_table("case_phones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_phones_digits"))
        batch_op.drop_index(batch_op.f("ix_case_phones_case_id"))

    op.drop_table("case_phones")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessments_case_id"))

    op.drop_table("assessments")
    op.drop_table("issues")
