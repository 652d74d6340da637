"""All pages of the feature, for `create_app`."""

from app.housing import today
from app.housing.blueprint import bp
from app.housing.candidates import views as candidate_views
from app.housing.homes import edit_views
from app.housing.homes import views as home_views
from app.housing.lists import question_views
from app.housing.lists import views as import_views

__all__ = [
    "bp",
    "candidate_views",
    "edit_views",
    "home_views",
    "import_views",
    "question_views",
    "today",
]
