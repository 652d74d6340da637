"""Everything the pages of the watch decide, a program can decide as well, once."""

from datetime import timedelta

from app.cases.models import Member, Relation
from app.db import today
from app.japanese import fiscal_year
from app.policy import Role


def test_a_program_leads_a_watch_from_a_device_to_the_end(watch):
    plan = f"/watch-plans/{watch.plan.id}"

    def post(path, status=201, **body):
        answer = watch.send("POST", f"{plan}{path}", **body)
        assert answer.status_code == status, (path, answer.text)
        return answer.json

    watch.ask(
        lambda s: s.add(
            Member(
                case_id=watch.case.id, relation=Relation.SELF, age=70, age_on=today(), position=0
            )
        )
    )
    device = post("/devices", serial="ＳＮ－７", kind="motion", fitted_on=str(today()))
    assert device["serial"] == "SN-7"
    post("/devices", status=422, serial="SN-7", kind="motion", fitted_on=str(today()))
    assert post(f"/devices/{device['id']}/removal", status=200)["removed_on"] == str(today())
    assert post("/add-ons", code="single_65", confirmed=True)["state"] == "confirmed"
    ahead = today() + timedelta(days=4)
    span = {"from_on": str(ahead), "until_on": str(ahead + timedelta(days=9)), "reason": "family"}
    post("/pauses", **span)
    rest = watch.send("GET", plan).json["pauses"][0]
    assert post(f"/pauses/{rest['id']}/calling-off", status=200)["kind"] == "pause"
    began = str(today() - timedelta(days=3))
    post("/pauses", **(span | {"from_on": began, "until_on": str(ahead)}))
    rest = watch.send("GET", plan).json["pauses"][0]
    back = {"back_on": str(today() - timedelta(days=1))}
    post(f"/pauses/{rest['id']}/return", status=200, **back)
    post(f"/pauses/{rest['id']}/return", status=409, **back)
    link = {"day": str(today()), "partner_name": "架空サロン", "what": "茶会", "result": "waiting"}
    one = post("/link-ins", **link)
    result = {"version": one["version"], "result": "linked"}
    assert post(f"/link-ins/{one['id']}/result", status=200, **result)["result"] == "linked"
    post(f"/link-ins/{one['id']}/result", status=409, **result)
    until = str(watch.plan.ends_on + timedelta(days=30))
    assert post("/extension", until_on=until, reason="まだ心配")["until_on"] == until
    post("/settlement", status=409, day=str(today()), reason="落ち着いた")
    looks = [row for row in watch.rows(state="due") if row.due_on <= today()]
    watch.send("POST", f"/check-ins/{looks[-1].id}/attempts", result="met")
    assert post("/settlement", day=str(today()), reason="落ち着いた")["kind"] == "settled"
    left = {"day": str(today()), "leave_reason": "family", "reason": "娘と暮らす"}
    assert post("/leaving", **left)["leave_reason"] == "family"
    whole = watch.send("GET", plan).json
    assert (whole["ended_as"], len(whole["decisions"]), whole["add_ons"][0]["code"]) == (
        "settled", 3, "single_65",
    )  # fmt: skip
    year = watch.send("GET", f"/watch-ledgers/{fiscal_year(today())}").json
    (ledger,) = year["households"]
    assert any("架空サロン" in line for line in ledger["link_ins"])
    assert year["figures"]["met"] == 1
    assert year["figures"]["covered"] == len(looks) - 1
    assert watch.send("GET", "/watch-ledgers/1999").status_code == 404


def test_why_somebody_is_looked_in_on_is_not_told_by_the_list_of_templates(watch, make, browser_of):
    office = make.the_organisation(watch.staff)
    for roles, told in (
        ((Role.CONSULTANT,), True), ((Role.FOLLOWUP,), False),
        ((Role.HOUSING,), False), ((Role.ORG_ADMIN,), True),
    ):  # fmt: skip
        user = make.user(*roles, organisation=office)
        page = browser_of(user).get("/visits/templates").text
        for word in ("希死念慮", "滞納があった", "退院・退所の直後"):
            assert (word in page) is told, (roles, word)
        assert "独居65歳以上" in page
        # Without their names they are told apart by their rhythm, before any is opened.
        assert ("追加の見守り 加えた日から" in page) is not told
        if Role.ORG_ADMIN in roles:
            continue
        rows = watch.send("GET", "/watch-templates", user=user).text
        assert ("suicidal" in rows) is told
