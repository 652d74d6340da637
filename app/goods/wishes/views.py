"""The wishes: a page, and a paper for welfare corporations, shops and notice boards."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, today
from app.goods.blueprint import bp
from app.goods.wishes.queries import wishes_of
from app.goods.wishes.words import wish_words
from app.policy import Action, requires
from app.printing import render_pdf
from app.security import acting_organisation, saw, the_viewer
from app.wording import day


@bp.get("/goods/wishes")
@requires(Action.GOODS_READ)
def wish_page() -> Answer:
    """What is short, in a donor's words."""
    wishes = [wish_words(one) for one in wishes_of(db.session)]
    return render_template("goods/wishes.html", wishes=wishes)


@bp.get("/goods/wishes.pdf")
@requires(Action.GOODS_READ)
def wish_paper() -> Answer:
    """The wishes on A4, to hand over or hang up."""
    saw(Deed.PRINTED, "goods_need", None, fields=("kind",))
    ours = acting_organisation(the_viewer(), Action.GOODS_READ)
    organisation = db.session.get_one(Organisation, ours)
    return pdf_answer("goods-wishes", render_pdf("goods_wishes", _paper(organisation)))


def _paper(organisation: Organisation) -> dict[str, Any]:
    wishes = [wish_words(one) for one in wishes_of(db.session)]
    return {
        "sheet": {
            "title": _("家具・家電・日用品のお願い"),
            "organisation": organisation.name,
            "made_on": day(today()),
            "contact": f"{organisation.name}　{organisation.phone or ''}".strip(),
        },
        "musts": [one for one in wishes if one["must"]],
        "others": [one for one in wishes if not one["must"]],
    }
