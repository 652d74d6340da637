"""Which stage a request takes, and why, in the words of its page."""

from flask_babel import gettext as _

from app.foodbank.dwelling.codes import DWELLING_LABELS, Dwelling, SaidBy
from app.foodbank.dwelling.queries import Said


def why(said: Said | None) -> str:
    """The sentence beside the kind of box."""
    if said is None:
        return str(_("「食料の必要」の設備から決めました"))
    label = DWELLING_LABELS[said.stage]
    if said.by is SaidBy.PERSON:
        return str(_("選んだ段階（%(stage)s）で決めました", stage=label))
    reasons = {
        Dwelling.BEFORE_MOVE_IN: _("入居の予定より前の日なので、いまいる所の設備で決めました"),
        Dwelling.FIRST_NIGHT: _(
            "鍵の受け取り・入居の日から間がなく、新しい住まいの設備をまだ聞いていないので、"
            "そのまま食べられる物だけにします"
        ),
        Dwelling.GAS_OPENED: _("入居のあとに書かれた「食料の必要」の設備から決めました"),
    }
    return str(reasons[said.stage])
