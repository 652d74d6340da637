"""The assessment on the case's page: what it is about, and what is still to be written."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.cases.assessments import words
from app.cases.assessments.codes import AssessmentState
from app.cases.assessments.queries import latest, shown_assessment
from app.cases.assessments.views import round_words
from app.cases.models import Case
from app.cases.panels import Panel, PanelLine, TimelineEvent
from app.cases.queries import may_change
from app.policy import Access, Tier, Viewer
from app.wording import day


def assessment_panel(
    session: Session, case: Case, access: Access, viewer: Viewer, _today: date
) -> Panel | None:
    """The newest assessment in a few lines, for those who may read the story of the case."""
    if not access.sees(Tier.CARE):
        return None
    found = latest(session, case.id)
    writes = may_change(case, viewer)
    if found is None:
        new = (_("書く"), url_for("cases.new_assessment_page", case_id=case.id))
        empty = _("まだ書いていません。課題と希望を、聞けたところから書きます。")
        return Panel(_("アセスメント"), action=new if writes else None, empty=empty)
    shown = shown_assessment(session, found, access)
    where = url_for("cases.assessment_page", case_id=case.id, number=found.round)
    state = (_("書きかけ"), "warn") if found.state is AssessmentState.DRAFT else None
    head = _("%(round)s　%(day)s", round=round_words(found.round), day=day(found.assessed_on))
    lines = [PanelLine(head, url=where, tag=state)]
    issues = words.issue_tags(shown)
    if issues:
        lines.append(PanelLine("、".join(label for label, _kind in issues[:6])))
    lines += [PanelLine(one.label, note=one.words) for one in words.totals(shown.amounts or [])]
    all_url = url_for("cases.assessment_list", case_id=case.id)
    title = _("アセスメント（%(round)s）を始めました", round=round_words(found.round))
    begun = TimelineEvent(found.created_at, title, url=where)
    return Panel(_("アセスメント"), lines=lines, action=(_("すべて見る"), all_url), events=[begun])
