"""All pages of the food bank on one blueprint, and its parts of the API."""

from app.foodbank import panels, stock_views
from app.foodbank.donors import api as donor_api
from app.foodbank.donors import drive_views, figure_views, thanks_views, wish_views
from app.foodbank.donors import views as donor_views
from app.foodbank.evidence import views as evidence_views
from app.foodbank.kits import api as kit_api
from app.foodbank.kits import views as kit_views
from app.foodbank.late import api as late_api
from app.foodbank.late import views as late_views
from app.foodbank.moving import api as moving_api
from app.foodbank.moving import views as moving_views
from app.foodbank.origins import api as origin_api
from app.foodbank.origins import views as origin_views
from app.foodbank.parcels import views as parcel_views
from app.foodbank.portions import views as portion_views
from app.foodbank.recalls import call_views as recall_call_views
from app.foodbank.recalls import paper as recall_paper
from app.foodbank.recalls import today as recall_today
from app.foodbank.recalls import views as recall_views
from app.foodbank.receiving import views as receive_views
from app.foodbank.requests import views as request_views
from app.foodbank.rounds import renewing
from app.foodbank.rounds import views as round_views
from app.foodbank.running_out import api as running_out_api
from app.foodbank.running_out import views as running_out_views
from app.foodbank.scanning import views as scan_views
from app.foodbank.shelves import api as shelf_api
from app.foodbank.shelves import views as shelf_views
from app.foodbank.sorting import views as sorting_views
from app.foodbank.stocktakes import api as stocktake_api
from app.foodbank.stocktakes import views as stocktake_views
from app.foodbank.tracing import views as tracing_views
from app.foodbank.views import bp

__all__ = [
    "bp",
    "donor_api",
    "donor_views",
    "drive_views",
    "evidence_views",
    "figure_views",
    "kit_api",
    "kit_views",
    "late_api",
    "late_views",
    "moving_api",
    "moving_views",
    "origin_api",
    "origin_views",
    "panels",
    "parcel_views",
    "portion_views",
    "recall_call_views",
    "recall_paper",
    "recall_today",
    "recall_views",
    "receive_views",
    "renewing",
    "request_views",
    "round_views",
    "running_out_api",
    "running_out_views",
    "scan_views",
    "shelf_api",
    "shelf_views",
    "sorting_views",
    "stock_views",
    "stocktake_api",
    "stocktake_views",
    "thanks_views",
    "tracing_views",
    "wish_views",
]
