"""Every page of goods on one blueprint, and what the feature adds to other pages."""

from app.goods import endings, panels, today
from app.goods.blueprint import bp
from app.goods.deeds import views as deed_views
from app.goods.items import photo_views, views
from app.goods.measures import views as measure_views
from app.goods.needs import usual_views
from app.goods.needs import views as need_views
from app.goods.proposals import views as proposal_views
from app.goods.vans import views as van_views
from app.goods.wishes import views as wish_views

__all__ = [
    "bp",
    "deed_views",
    "endings",
    "measure_views",
    "need_views",
    "panels",
    "photo_views",
    "proposal_views",
    "today",
    "usual_views",
    "van_views",
    "views",
    "wish_views",
]
