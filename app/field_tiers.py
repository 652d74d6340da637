"""How deep every field of every record lies; `app/policy.py` says who looks how deep.

Tiers: T0 stock · T1 code name, household size, allergies, utilities · T2 name, contact, needs,
visits · T3 health, debts, violence, notes · T4 hidden place. T4 is not "more than T3": it is a
property of the place of someone in danger, and only the case's own team has it. TEAM is what its
consultants alone read, whatever a consent or a meeting opens to others.
"""

from collections.abc import Mapping
from enum import IntEnum


class Tier(IntEnum):
    """How deep a look goes. PLACE and TEAM are granted apart: see `policy.Access`."""

    STOCK = 0
    CODE = 1
    CONTACT = 2
    CARE = 3
    PLACE = 4
    TEAM = 5


FIELD_TIERS: Mapping[str, Mapping[str, Tier]] = {
    "case": {
        "id": Tier.CODE, "number": Tier.CODE, "code_name": Tier.CODE, "stage": Tier.CODE,
        "household_size": Tier.CODE, "leave_by": Tier.CODE, "version": Tier.CODE,
        "allergies": Tier.CODE, "equipment": Tier.CODE, "created_at": Tier.CODE,
        "name": Tier.CONTACT, "kana": Tier.CONTACT, "alias": Tier.CONTACT,
        "age_band": Tier.CONTACT,
        # Which office sent somebody tells of illness, debt or violence.
        "route": Tier.CARE, "route_detail": Tier.CARE,
        "received_on": Tier.CONTACT, "protection": Tier.CONTACT, "closed_on": Tier.CODE,
        "topics": Tier.CARE, "main_topic": Tier.CARE, "story": Tier.CARE,
        "dwelling": Tier.CARE, "law8": Tier.CARE, "who_came": Tier.CARE, "outcome": Tier.CARE,
        "arrival": Tier.CARE, "source_kind": Tier.CARE, "route_partner_id": Tier.CARE,
        "caller_name": Tier.CARE, "caller_relation": Tier.CARE, "caller_phone": Tier.PLACE,
        "leave_reason": Tier.CARE, "work": Tier.CARE, "insurance": Tier.CARE,
        "pension": Tier.CARE,
        "prefecture": Tier.PLACE, "building": Tier.PLACE, "mail_blocked": Tier.PLACE,
        "address": Tier.PLACE, "postal_code": Tier.PLACE, "phone": Tier.PLACE,
        "phone_note": Tier.PLACE, "municipality": Tier.PLACE,
        "email": Tier.PLACE, "home": Tier.PLACE,
    },
    "member": {
        "relation": Tier.CODE, "age": Tier.CODE, "sex": Tier.CODE,
        "name": Tier.CONTACT, "kana": Tier.CONTACT, "born_on": Tier.CONTACT,
        "id": Tier.CONTACT, "version": Tier.CONTACT, "language": Tier.CONTACT,
        "nationality": Tier.CARE, "handbook_physical": Tier.CARE,
        "handbook_intellectual": Tier.CARE, "handbook_mental": Tier.CARE,
        "care_level": Tier.CARE, "school": Tier.CONTACT, "note": Tier.CARE,
    },
    "phone": dict.fromkeys(
        ("id", "number", "whose", "secret", "voicemail", "best_time", "note"), Tier.PLACE
    ),
    # All of an assessment is the consultants'; what lies under `team_factors` the team's alone.
    "assessment": dict.fromkeys(
        (
            "id", "version", "round", "assessed_on", "state", "author_id", "issues", "factors",
            "living_with", "marital", "family", "community", "rent", "loan", "guarantor",
            "emergency_contact", "health", "diagnosis", "visits_doctor", "takes_medicine",
            "stairs_hard", "wheelchair", "health_note", "public_assistance", "debt_settlement",
            "money_note", "last_worked_on", "licences", "driving", "education", "wish_for_work",
            "job_stage", "wish", "summary", "screening", "amounts", "jobs",
        ),
        Tier.CARE,
    ) | {"team_issues": Tier.TEAM, "team_factors": Tier.TEAM},
    "noticing_chart": dict.fromkeys(("id", "answers", "created_at", "user_id"), Tier.CARE),
    "team_member": {"user_id": Tier.CODE, "name": Tier.CODE, "since": Tier.CODE},
    "consent": {
        "id": Tier.CARE, "recipient": Tier.CARE, "organisation_id": Tier.CARE,
        "items": Tier.CARE, "text_version": Tier.CARE, "method": Tier.CARE,
        "oral_record": Tier.CARE, "given_on": Tier.CARE, "ends_on": Tier.CARE,
        "withdrawn_on": Tier.CARE, "in_force": Tier.CARE,
    },
    "disclosure": {
        "id": Tier.CARE, "organisation_id": Tier.CARE, "legal_basis": Tier.CARE,
        "starts_on": Tier.CARE, "ends_on": Tier.CARE,
    },
    # What a housing worker derives from: never the diagnosis, the debt or the free text.
    "housing_need": {
        "people": Tier.CODE, "rent_basis": Tier.CODE, "agreed_rent": Tier.CODE,
        "move_by": Tier.CODE, "municipalities": Tier.CODE, "floor_need": Tier.CODE,
        "wheelchair": Tier.CODE, "pet": Tier.CODE, "guarantor": Tier.CODE,
        "guarantor_company": Tier.CODE, "emergency_contact": Tier.CODE, "supports": Tier.CODE,
        "min_area": Tier.CODE, "min_rooms": Tier.CODE, "version": Tier.CODE,
        "funds": Tier.CARE, "groups": Tier.CARE, "wishes": Tier.CARE,
        "anchors": Tier.PLACE,
    },
    "food_profile": {
        "allergies": Tier.CODE, "allergies_asked": Tier.CODE, "equipment": Tier.CODE,
        "forbidden": Tier.CODE, "chewing_class": Tier.CODE, "carry_kg": Tier.CODE,
        "version": Tier.CODE, "note": Tier.CONTACT,
    },
    "log": {
        "id": Tier.CARE, "at": Tier.CARE, "method": Tier.CARE, "minutes": Tier.CARE,
        "partner": Tier.CARE, "text": Tier.CARE, "next_step": Tier.CARE, "author_id": Tier.CARE,
        "version": Tier.CARE, "next_on": Tier.CARE, "next_done_at": Tier.CARE,
        "partner_id": Tier.CARE, "attendees": Tier.CARE, "corrected": Tier.CARE,
    },
    # A plan tells of illness, debt and work: goals and services alike.
    "plan": {
        "id": Tier.CARE, "number": Tier.CARE, "state": Tier.CARE, "version": Tier.CARE,
        "long_goal": Tier.CARE, "short_goal": Tier.CARE, "issues": Tier.CARE,
        "starts_on": Tier.CARE, "ends_on": Tier.CARE, "next_monitoring": Tier.CARE,
        "application": Tier.CARE, "applied_on": Tier.CARE, "submitted_on": Tier.CARE,
        "services": Tier.CARE, "decisions": Tier.CARE, "monitorings": Tier.CARE,
    },
    "plan_revision": dict.fromkeys(
        (
            "number", "state", "after_decision", "changed_at", "changed_by", "why", "changed",
            "content",
        ),
        Tier.CARE,
    ),
    "plan_evaluation": {
        "evaluated_on": Tier.CARE, "reached": Tier.CARE, "changes": Tier.CARE, "text": Tier.CARE,
        "work_change": Tier.CARE, "income_change": Tier.CARE, "left_over": Tier.CARE,
        "after": Tier.CARE,
    },
    "welfare_status": {
        "status": Tier.CARE, "since": Tier.CARE, "office": Tier.CARE, "note": Tier.CARE,
    },
    "welfare_handover": {
        "id": Tier.CARE, "direction": Tier.CARE, "handed_on": Tier.CARE, "office": Tier.CARE,
        "handed": Tier.CARE, "basis": Tier.CARE, "basis_note": Tier.CARE,
    },
    "closing": {
        "closed_on": Tier.CODE, "outcome": Tier.CARE, "changes": Tier.CARE, "text": Tier.CARE,
        "open_things": Tier.CARE, "reopened_on": Tier.CODE, "reopen_reason": Tier.CARE,
    },
    # Whoever attends for a home or for food learns what was agreed to be done, not what was said.
    "meeting_item": {
        "id": Tier.CODE, "position": Tier.CODE, "minutes": Tier.CODE, "code_name": Tier.CODE,
        "decision": Tier.CODE, "task": Tier.CODE, "by_when": Tier.CODE, "version": Tier.CODE,
        "responsible_id": Tier.CODE, "plan_id": Tier.CARE, "basis": Tier.CARE,
        "without_consent": Tier.CARE, "subject": Tier.CARE, "notes": Tier.CARE,
        "decision_note": Tier.CARE, "number": Tier.CARE,
    },
    "referral": {
        "id": Tier.CODE, "number": Tier.CODE, "kind": Tier.CODE, "made_on": Tier.CODE,
        "office": Tier.CODE, "asked": Tier.CODE, "on_paper": Tier.CODE, "version": Tier.CODE,
        "name": Tier.CONTACT, "alias": Tier.CONTACT, "age_band": Tier.CONTACT,
        "family": Tier.CONTACT, "protection": Tier.CONTACT, "writer": Tier.CONTACT,
        "consent_method": Tier.CONTACT, "consent_on": Tier.CONTACT,
        "topics": Tier.CARE, "main_topic": Tier.CARE, "told": Tier.CARE, "wish": Tier.CARE,
        "consent_record": Tier.CARE, "recipients": Tier.CARE,
        "address": Tier.PLACE, "phone": Tier.PLACE,
    },
    # Keys and home are in it, so all of it is the place's; see also `keyday.codes.APPLIES_TIERS`.
    "key_day_task": dict.fromkeys(
        (
            "id", "code", "title", "explanation", "phase", "due_on", "counted_from",
            "offset_days", "fixed_on", "doer", "doer_name", "to_ask", "basis", "certain", "state",
            "done_on", "closed_by", "reason", "version",
        ),
        Tier.PLACE,
    ) | {"note": Tier.CARE},
    # Somebody on a list to call: the list alone tells of a debt.
    "lead": {
        "id": Tier.CARE, "version": Tier.CARE, "number": Tier.CARE, "name": Tier.CARE,
        "kana": Tier.CARE, "new_kana": Tier.CARE, "born_on": Tier.CARE, "age": Tier.CARE,
        "loan_kind": Tier.CARE, "amount": Tier.CARE, "repay_from": Tier.CARE,
        "status": Tier.CARE, "state": Tier.CARE, "next_on": Tier.CARE, "calls": Tier.CARE,
        "misses": Tier.CARE, "reached": Tier.CARE, "last_result": Tier.CARE,
        "last_at": Tier.CARE, "agreed_on": Tier.CARE, "agreed_how": Tier.CARE,
        "agreed_words": Tier.CARE, "secret": Tier.CARE, "voicemail": Tier.CARE,
        "postal_code": Tier.PLACE, "address": Tier.PLACE, "new_address": Tier.PLACE,
        "phone": Tier.PLACE, "new_phone": Tier.PLACE, "call_digits": Tier.PLACE,
        "best_time": Tier.PLACE, "care_note": Tier.PLACE,
        # Other columns of a file may hold anybody's number or address.
        "as_given": Tier.PLACE, "others": Tier.PLACE,
    },
    "lead_attempt": {
        "id": Tier.CARE, "at": Tier.CARE, "result": Tier.CARE, "note": Tier.CARE,
        "next_on": Tier.CARE, "user_id": Tier.CARE, "takes_back_id": Tier.CARE,
    },
    # Somebody who got recalled food: the parcel and the desk to ask are the food bank's own facts.
    "recall_person": dict.fromkeys(("id", "version", "parcels", "desk", "state"), Tier.STOCK)
    | {
        "code_name": Tier.CODE, "request": Tier.CODE, "case_id": Tier.CODE,
        "number": Tier.CODE, "name": Tier.CONTACT, "kana": Tier.CONTACT, "phones": Tier.PLACE,
    },
    "recall_attempt": {
        "id": Tier.STOCK, "at": Tier.STOCK, "result": Tier.STOCK, "food": Tier.STOCK,
        "user": Tier.STOCK, "unwell": Tier.CARE, "note": Tier.CARE,
    },
    # What was agreed with a donor: for whoever keeps donors, as deep as the donor itself.
    "donor_agreement": dict.fromkeys(
        ("id", "version", "donor_id", "starts_on", "ends_on", "least_days", "pass_on"), Tier.CODE
    ) | {"conditions": Tier.CONTACT, "recall_contact": Tier.CONTACT, "document": Tier.CARE},
    # A plan tells that somebody lives somewhere. What was seen is 訪問の記録, which the consent to
    # contact names; why somebody is looked in on more often tells of illness or debt.
    "watch_plan": dict.fromkeys(
        (
            "id", "version", "template", "starts_on", "ends_on", "assigned_to", "fee", "terms",
            "emergency_contact", "ended_on", "ended_as",
        ),
        Tier.PLACE,
    ),
    "check_in": dict.fromkeys(
        (
            "id", "due_on", "planned_for", "escalate_on", "kind", "label", "state", "answered_by",
            "visitor", "goes_on", "ref",
        ),
        Tier.PLACE,
    ),
    "late_visit": dict.fromkeys(
        ("id", "version", "check_in_id", "happened_at", "trouble", "user_id"), Tier.PLACE
    ) | dict.fromkeys(
        ("result", "kinds", "rent", "items", "note", "linked_to", "words", "settlement"),
        Tier.CONTACT,
    ),
    "visit_move": dict.fromkeys(
        (
            "check_in_id", "outcome", "from_visitor_id", "from_on", "to_visitor_id", "to_on",
        ),
        Tier.PLACE,
    ),
    "visit_time": dict.fromkeys(
        ("id", "version", "check_in_id", "on", "opens", "closes", "minutes", "set_by"), Tier.PLACE
    ),
    "attempt": dict.fromkeys(("id", "check_in_id", "at", "corrects_id", "user_id"), Tier.PLACE)
    | dict.fromkeys(("result", "kinds", "rent", "items", "note", "linked_to"), Tier.CONTACT),
    "concern": dict.fromkeys(
        (
            "id", "version", "plan_id", "check_in_id", "kind", "opened_at", "opened_by", "state",
            "closed_at", "closed_by",
        ),
        Tier.PLACE,
    ) | {"outcome": Tier.CONTACT, "found": Tier.CONTACT},
    "concern_step": dict.fromkeys(
        ("id", "position", "kind", "due_at", "done_at", "done_by"), Tier.PLACE
    ) | {"result": Tier.CONTACT, "note": Tier.CONTACT},
    "watch_change": dict.fromkeys(
        ("id", "kind", "added", "cancelled", "user_id", "created_at"), Tier.PLACE
    ) | {"why": Tier.CARE},
    "watch_add_on": dict.fromkeys(("id", "code", "state", "since", "why", "user_id"), Tier.CARE),
    "watch_add_on_open": dict.fromkeys(("id", "code", "state", "since", "user_id"), Tier.CONTACT)
    | {"why": Tier.CARE},
    "watch_pause": dict.fromkeys(("id", "from_on", "until_on", "back_on"), Tier.PLACE)
    | {"reason": Tier.CARE, "user_id": Tier.PLACE},
    "safety_device": dict.fromkeys(
        ("id", "version", "serial", "kind", "fitted_on", "removed_on"), Tier.PLACE
    ),
    "link_in": dict.fromkeys(
        ("id", "version", "day", "partner", "what", "result", "user_id"), Tier.CONTACT
    ),
    "watch_decision": dict.fromkeys(("id", "kind", "day", "until_on", "user_id"), Tier.PLACE)
    | {"leave_reason": Tier.CONTACT, "reason": Tier.CONTACT},
    # How far somebody looks at a thing depends on their work, see app/goods/items/access.py.
    "goods_item": dict.fromkeys(
        (
            "id", "version", "number", "kind", "label", "maker", "model", "width_cm", "depth_cm",
            "height_cm", "weight_kg", "dismantles", "upright", "gas", "voltage", "made_year",
            "safety", "safety_on", "safety_by", "recall", "recall_on", "recall_by", "condition",
            "note", "window_from", "window_until", "carrier", "state", "shelf", "reserved",
            "reserved_until",
        ),
        Tier.STOCK,
    ) | {"donor": Tier.CODE} | dict.fromkeys(
        (
            "donor_address", "donor_floor", "donor_lift", "lift_width_cm", "lift_depth_cm",
            "lift_height_cm", "donor_phone",
        ),
        Tier.CONTACT,
    ),
    # The day of the keys and the spaces of a home tell where it is to be; a day a person said
    # does not. What a thing is kept for is told by a number to whoever may not know the case.
    "goods_need": dict.fromkeys(
        (
            "id", "version", "number", "kind", "detail", "room", "importance", "gas", "voltage",
            "needed_on", "state", "met_by", "closed_on", "item_id", "item", "until",
        ),
        Tier.CODE,
    ) | dict.fromkeys(
        (
            "placement_id", "due_on", "space_width_cm", "space_depth_cm", "space_height_cm",
        ),
        Tier.PLACE,
    ) | {"note": Tier.CARE},
    "goods_reservation": {"id": Tier.STOCK, "until": Tier.STOCK, "need": Tier.STOCK}
    | dict.fromkeys(("case_number", "case_id"), Tier.CODE)
    | {"hand_over_at": Tier.STOCK, "name": Tier.CONTACT, "address": Tier.PLACE},
    "home_measures": dict.fromkeys(
        (
            "home_id", "version", "door_width_cm", "door_height_cm", "corridor_width_cm",
            "stairs_width_cm", "lift", "lift_door_width_cm", "lift_width_cm", "lift_depth_cm",
            "lift_height_cm", "fridge_width_cm", "fridge_depth_cm", "fridge_height_cm",
            "washer_width_cm", "washer_depth_cm", "stove_width_cm", "window_width_cm",
            "window_height_cm", "socket_200v", "measured_on", "measured_by",
        ),
        Tier.PLACE,
    ),
    # How far somebody looks depends on the kind of partner, see app/directory/access.py.
    "partner": dict.fromkeys(
        (
            "id", "uuid", "kind", "name", "kana", "parent", "parent_id", "systems", "does",
            "services", "active", "checked_on", "version", "certified", "without_guarantor",
            "emergency_rule", "first_fee_percent", "monthly_fee",
        ),
        Tier.CODE,
    ) | dict.fromkeys(
        (
            "phone", "fax", "email", "web", "office", "postal_code", "address", "contact_hours",
            "contacts",
        ),
        Tier.CONTACT,
    ) | dict.fromkeys(("note", "troubles", "steps"), Tier.CARE),
    "partner_service": dict.fromkeys(
        ("uuid", "offer", "name", "for_whom", "fee", "languages"), Tier.CODE
    ) | {"how_to_apply": Tier.CONTACT},  # it may be a telephone number
    # The point itself has no entry: nobody is ever shown it.
    "stay_away_zone": {"id": Tier.PLACE, "radius_m": Tier.PLACE, "created_at": Tier.PLACE},
}  # fmt: skip
