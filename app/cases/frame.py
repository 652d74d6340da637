"""What all pages of a case share: opening it through policy, its heading, and its forms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from marshmallow import fields

from app.audit.models import Deed
from app.cases.models import (
    AGE_BAND_LABELS,
    AgeBand,
    Case,
    Stage,
)
from app.cases.queries import (
    SeenCase,
    get_case,
    get_case_to_change,
    may_change,
)
from app.cases.records import case_title, shown_case
from app.cases.versions import StaleError, last_change
from app.db import db, today
from app.errors import InvalidError
from app.forms import Form, FormField
from app.idempotency import standings
from app.policy import Access, Presented, Protection, Tier, Viewer
from app.security import saw, the_viewer
from app.wording import days_left, moment, weekday

bp = Blueprint("cases", __name__)


@dataclass(frozen=True)
class Opened:
    """A case somebody opened: the row, how much they may see, and what that leaves to show."""

    case: Case
    access: Access
    shown: Presented
    viewer: Viewer

    @property
    def may_change(self) -> bool:
        return may_change(self.case, self.viewer)

    @property
    def url(self) -> str:
        return url_for("cases.case_page", case_id=self.case.id)

    @property
    def title(self) -> str:
        return case_title(self.shown)


def opened(case_id: int, *, needs: Tier = Tier.CODE) -> Opened:
    """A case for reading; answers 404 or 403 as `get_case` does."""
    viewer = the_viewer()
    return _opened(get_case(db.session, case_id, viewer, today=today(), needs=needs), viewer)


def changing(case_id: int, *, needs: Tier = Tier.CARE) -> Opened:
    """A case for writing."""
    viewer = the_viewer()
    seen = get_case_to_change(db.session, case_id, viewer, today=today(), needs=needs)
    return _opened(seen, viewer)


def _opened(seen: SeenCase, viewer: Viewer) -> Opened:
    return Opened(seen.case, seen.access, shown_case(seen.case, seen.access), viewer)


def page_of(endpoint: str, **values: Any) -> str | None:
    """The address of another feature's page, if that feature is part of this installation."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **values)


def render(one: Opened, template: str, **context: Any) -> str:
    """A page of a case; whoever sees more than the code name is written down as having looked."""
    if one.access.sees(Tier.CONTACT):
        saw(Deed.VIEWED, "case", one.case.id, fields=one.shown.values)
    return render_template(template, head=heading(one), **context)


NO_LONGER_LEAVING = frozenset({Stage.MOVED_IN, Stage.SETTLED, Stage.CLOSED})


def heading(one: Opened) -> dict[str, Any]:
    """Who this is, in one line, and by when they must leave."""
    shown = one.shown
    due = None
    if shown.leave_by is not None and one.case.stage not in NO_LONGER_LEAVING:
        due = _(
            "退去期限 %(day)s %(left)s", day=weekday(shown.leave_by), left=days_left(shown.leave_by)
        )
    hidden_place = shown.protection is not None and shown.protection is not Protection.NO
    return {
        "id": one.case.id,
        "number": shown.number,
        "title": one.title,
        "who": who(shown),
        "due": due,
        "url": one.url,
        "breadcrumbs": [
            (_("相談"), url_for("cases.case_list")),
            (f"{shown.number} {one.title}", one.url),
        ],
        "hidden_place": hidden_place,
    }


def who(shown: Presented) -> str:
    """「単身・60〜64歳」 from what may be shown."""
    size = shown.household_size
    parts = [] if size is None else [_("単身") if size == 1 else _("%(n)s人世帯", n=size)]
    if shown.age_band not in {None, AgeBand.UNKNOWN}:
        parts.append(AGE_BAND_LABELS[shown.age_band])
    return "・".join(parts)


# ------------------------------------------------------------------------------------ forms


@dataclass(frozen=True)
class Section:
    """A part of a form page: names of fields, side by side where they are grouped in a tuple.

    `rows` names a list of nested rows, drawn with `columns` and `blank` empty rows at the end.
    `picker` names a field of many choices and the one that says which of them weighs most.
    `each` counts the rows (「人目」); `shape` is a class of the part (`only-for-caller`).
    `lists` names, for columns, the page's list of words to choose from while typing.
    """

    title: str
    items: Sequence[str | tuple[str, ...]] = ()
    hint: str = ""
    rows: str | None = None
    columns: Sequence[str] = ()
    blank: int = 2
    folded: bool = False
    picker: tuple[str, str] | None = None
    shape: str = ""
    each: str = ""
    lists: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DrawnField(FormField):
    """A field with words to choose from while typing, its own or those of a list of the page."""

    options: Sequence[str] = ()
    list_id: str = ""


@dataclass
class FormPage:
    """All a page with one form needs; `changes` overrides attributes of single fields."""

    title: str
    form: Form
    sections: Sequence[Section]
    action: str
    submit: str
    cancel_url: str
    lead: str = ""
    version: int | None = None
    conflict: Mapping[str, Any] | None = None
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def draw(self, name: str) -> FormField:
        """One field, with what the page knows better than the schema."""
        drawn = self.form[name]
        if name in self.changes:
            return DrawnField(**(vars(drawn) | dict(self.changes[name])))
        return drawn

    def parts(self) -> list[dict[str, Any]]:
        """The sections with their fields, for the template."""
        return [self._part(section) for section in self.sections]

    def _part(self, section: Section) -> dict[str, Any]:
        present = self.form.schema.fields
        items = []
        for item in section.items:
            names = [n for n in ((item,) if isinstance(item, str) else item) if n in present]
            if names:
                items.append([self.draw(name) for name in names])
        rows = []
        if section.rows is not None:
            typed = self.form.typed is not None
            numbers = self.form.rows(section.rows, blank=section.blank)
            if typed and not numbers:
                numbers = list(range(section.blank))
            keys = [[f"{section.rows}-{i}-{c}" for c in section.columns] for i in numbers]
            # A row may be left blank, so nothing in it is marked as demanded.
            rows = [[replace(self.form[name], required=False) for name in row] for row in keys]
            rows = [[_listed(f, section.lists) for f in row] for row in rows]
        wrong = any(f.errors for row in [*rows, *items] for f in row)
        return {
            "picker": [self.draw(name) for name in section.picker or ()],
            "shape": section.shape,
            "each": section.each,
            "title": section.title,
            "hint": section.hint,
            "lines": items,
            "rows": rows,
            "folded": section.folded and not wrong,
        }


def _listed(drawn: FormField, lists: Mapping[str, str]) -> FormField:
    """A row's field with the list of its column."""
    list_id = lists.get(drawn.name.rpartition("-")[2])
    return DrawnField(**vars(drawn), list_id=list_id) if list_id else drawn


def attempt(form: Form, act: Callable[[dict[str, Any]], object]) -> int:
    """Load the form and act on it: 200 done, 422 refused beside its fields, 409 somebody was first.

    After a refusal the transaction is given back, so nothing half-done is left to be committed.
    """
    if not form.load():
        return 422
    try:
        act(form.data)
    except StaleError:
        db.session.rollback()
        return 409
    except InvalidError as error:
        if not error.fields:
            raise
        db.session.rollback()
        form.refuse(error.fields)
        return 422
    return 200


def conflict_of(
    form: Form, now_: Mapping[str, Any], *, record_kind: str, record_id: int
) -> dict[str, Any]:
    """Both versions, field by field where they differ, and who was first."""
    theirs = Form(form.schema, initial=now_, choices=form.choices)
    mine = Form(form.schema, initial=_as_initial(form.data), choices=form.choices)
    rows = [
        {"label": definition.metadata.get("label", name), "theirs": before, "mine": after}
        for name, definition in form.schema.fields.items()
        if definition.metadata.get("kind") != "hidden"
        and (before := words_of(theirs, name)) != (after := words_of(mine, name))
    ]
    changed = last_change(db.session, record_kind, record_id)
    who_, when = changed or (_("ほかの人"), None)
    return {"rows": rows, "who": who_, "when": moment(when) if when else _("先ほど")}


def _as_initial(data: Mapping[str, Any]) -> dict[str, Any]:
    """Loaded values as a form shows them; names typed in one line stand in one line."""
    return {
        name: "、".join(value) if name == "municipalities" else value
        for name, value in data.items()
    }


def words_of(form: Form, name: str) -> str:
    """A field's content as a reader would say it."""
    definition = form.schema.fields[name]
    if isinstance(definition, fields.List) and isinstance(definition.inner, fields.Nested):
        columns = definition.inner.schema.fields
        rows = (
            "・".join(filter(None, (_said(form[f"{name}-{i}-{c}"]) for c in columns)))
            for i in form.rows(name)
        )
        return "／".join(rows)
    return _said(form[name])


def _said(drawn: FormField) -> str:
    if drawn.kind == "checkbox":
        return str(_("はい") if drawn.value else _("いいえ"))
    labels = dict(drawn.choices)
    return "、".join(labels.get(value, value) for value in drawn.values if value)


def _standing(case_id: int) -> str:
    """How much of a case the viewer sees, for answers given again later."""
    access = opened(case_id).access
    return f"{access.tier}{access.place}{access.team}"


standings["case_id"] = _standing
