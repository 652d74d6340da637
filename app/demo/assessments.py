"""The demonstration's assessments: what was found out about the four households, all made up."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.cases.assessments import services
from app.cases.assessments.models import Issue
from app.cases.assessments.schemas import NewAssessmentSchema
from app.cases.models import Case

# In the order of the households: issues by their codes, the main ones first.
SHEETS: tuple[Mapping[str, Any], ...] = (
    {
        "issues": ("homeless", "poverty", "debt"), "main": 1, "state": "done",
        "factors": ["no_kin"], "stairs_hard": "yes", "guarantor": "no",
        "emergency_contact": "no", "health": "fair", "visits_doctor": "yes",
        "public_assistance": "consulting", "wish": "雨のかからない部屋で眠りたい。",
        "summary": "差押えを解いて、年金で払える部屋に入る。はじめの見守りを厚くする。",
        "screening": "plan",
        "amounts": [
            {"kind": "benefit", "label": "年金", "yen": 72000},
            {"kind": "arrears_tax", "label": "市民税", "yen": 184000},
            {"kind": "arrears_rent", "label": "前の部屋", "months": 4},
        ],
    },
    {
        "issues": ("housing_unstable", "budgeting"), "main": 1, "state": "done",
        "living_with": 0, "public_assistance": "none", "job_stage": "search",
        "wish": "住所のある暮らしに戻りたい。", "screening": "plan",
        "amounts": [
            {"kind": "income", "label": "日払いの仕事", "yen": 96000},
            {"kind": "arrears_tax", "label": "国民健康保険税", "yen": 120000},
        ],
    },
    {
        "issues": ("housing_unstable", "job_finding"), "main": 2, "state": "draft",
        "left": 60, "job_stage": "search", "licences": "フォークリフト", "driving": "yes",
        "wish": "寮を出る日までに、仕事と部屋を決めたい。", "factors": ["job_loss"],
        "amounts": [{"kind": "asset", "label": "預金", "yen": 210000}],
        "jobs": [{"employer": "架空製作所", "work": "組み立て", "since": "平成30年ごろ"}],
    },
    {
        "issues": ("debt", "mental_health", "child_rearing"), "main": 1, "state": "done",
        "living_with": 3, "marital": "married", "loan": 98000, "guarantor": "yes",
        "emergency_contact": "yes", "job_stage": "adjust", "public_assistance": "none",
        "wish": "子どもの学校を変えずに暮らしたい。", "screening": "plan", "factors": ["illness"],
        "amounts": [
            {"kind": "income", "label": "傷病手当", "yen": 178000},
            {"kind": "debt", "label": "住宅ローン"},
        ],
    },
)  # fmt: skip


def add_assessments(session: Session, cases: list[Case], *, user_id: int, today: date) -> None:
    """One assessment for each household, through the service the pages use."""
    numbers = {issue.code: issue.id for issue in session.scalars(sa.select(Issue))}
    for case, sheet in zip(cases, SHEETS, strict=False):
        values = dict(sheet)
        ticked = [numbers[code] for code in values.pop("issues")]
        values |= {"issues": ticked, "main_issues": ticked[: values.pop("main")]}
        left = values.pop("left", None)
        if left is not None:
            values["last_worked_on"] = (today - timedelta(days=left)).isoformat()
        values["assessed_on"] = max(case.received_on, today - timedelta(days=7)).isoformat()
        services.save_assessment(
            session,
            case=case,
            assessment=None,
            version=0,
            values=NewAssessmentSchema().load(values),
            team=True,
            user_id=user_id,
            today=today,
        )
