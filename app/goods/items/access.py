"""How much of a thing somebody sees.

Everybody who works with goods sees the thing. Who gives it is told to those who may know donors,
for donors may be private people; where it has to be fetched, to those who fetch.
"""

from app.policy import Access, Action, Role, Tier, Viewer, allows


def access_to_items(viewer: Viewer) -> Access:
    """How deep this viewer looks at things; the same for all of them."""
    if allows(viewer, Action.GOODS_EDIT):
        return Access(tier=Tier.CONTACT)
    if Role.CONSULTANT in viewer.roles():
        return Access(tier=Tier.CODE)
    return Access(tier=Tier.STOCK)
