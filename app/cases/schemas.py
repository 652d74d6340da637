"""What intake, the log and the people around a case take; pages and API load the same."""

from marshmallow import fields

from app.forms import BaseSchema, Whole


class VersionSchema(BaseSchema):
    """The version a form was opened with; a stale one is refused with 409."""

    version = Whole(required=True, least=1, metadata={"label": "版", "kind": "hidden"})


# ------------------------------------------------------------------------------- answers


class MemberAnswerSchema(BaseSchema):
    """A household member as far as the viewer may see."""

    relation = fields.String()
    age = fields.Integer(allow_none=True)
    sex = fields.String()
    name = fields.String(allow_none=True)
    kana = fields.String(allow_none=True)
    born_on = fields.Date(allow_none=True)
    id = fields.Integer()
    version = fields.Integer()
    nationality = fields.String(allow_none=True)
    language = fields.String(allow_none=True)
    handbook_physical = fields.String(allow_none=True)
    handbook_intellectual = fields.String(allow_none=True)
    handbook_mental = fields.String(allow_none=True)
    care_level = fields.String(allow_none=True)
    school = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class CaseAnswerSchema(BaseSchema):
    """A case as the API tells it: fields the viewer may not see are absent, named in `hidden`."""

    id = fields.Integer()
    number = fields.String()
    code_name = fields.String()
    stage = fields.String()
    protection = fields.String()
    version = fields.Integer()
    leave_by = fields.Date(allow_none=True)
    household_size = fields.Integer(allow_none=True)
    received_on = fields.Date()
    closed_on = fields.Date(allow_none=True)
    outcome = fields.String(allow_none=True)
    name = fields.String(allow_none=True)
    kana = fields.String(allow_none=True)
    alias = fields.String(allow_none=True)
    age_band = fields.String()
    who_came = fields.String()
    route = fields.String()
    route_detail = fields.String(allow_none=True)
    arrival = fields.String(allow_none=True)
    source_kind = fields.String(allow_none=True)
    route_partner_id = fields.Integer(allow_none=True)
    law8 = fields.Boolean()
    caller_name = fields.String(allow_none=True)
    caller_relation = fields.String(allow_none=True)
    caller_phone = fields.String(allow_none=True)
    dwelling = fields.String()
    leave_reason = fields.String(allow_none=True)
    work = fields.String(allow_none=True)
    insurance = fields.String(allow_none=True)
    pension = fields.String(allow_none=True)
    topics = fields.List(fields.String())
    main_topic = fields.String(allow_none=True)
    story = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    phone_note = fields.String(allow_none=True)
    postal_code = fields.String(allow_none=True)
    prefecture = fields.String(allow_none=True)
    municipality = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    building = fields.String(allow_none=True)
    mail_blocked = fields.Boolean()
    members = fields.List(fields.Nested(MemberAnswerSchema))
    hidden = fields.List(fields.String(), metadata={"description": "fields you may not see"})


class CaseListAnswerSchema(BaseSchema):
    """One page of cases."""

    items = fields.List(fields.Nested(CaseAnswerSchema))
    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
