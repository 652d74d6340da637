"""All pages of the feature, for `create_app`."""

from app.housing import today
from app.housing.batches import api as batch_api
from app.housing.batches import lock_views as batch_lock_views
from app.housing.batches import today as batches_today
from app.housing.batches import views as batch_views
from app.housing.blueprint import bp
from app.housing.candidates import api as pause_api
from app.housing.candidates import compare_views
from app.housing.candidates import views as candidate_views
from app.housing.freshness import answer_views
from app.housing.freshness import api as freshness_api
from app.housing.freshness import views as freshness_views
from app.housing.homes import board_views, edit_views, vacancy_views
from app.housing.homes import views as home_views
from app.housing.landlords import api as landlord_api
from app.housing.landlords import edit_views as landlord_edit_views
from app.housing.landlords import views as landlord_views
from app.housing.lists import question_views
from app.housing.lists import views as import_views
from app.housing.photos import views as photo_views
from app.housing.properties import views as property_views

__all__ = [
    "answer_views",
    "batch_api",
    "batch_lock_views",
    "batch_views",
    "batches_today",
    "board_views",
    "bp",
    "candidate_views",
    "compare_views",
    "edit_views",
    "freshness_api",
    "freshness_views",
    "home_views",
    "import_views",
    "landlord_api",
    "landlord_edit_views",
    "landlord_views",
    "pause_api",
    "photo_views",
    "property_views",
    "question_views",
    "today",
    "vacancy_views",
]
