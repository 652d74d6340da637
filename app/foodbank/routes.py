"""All pages of the food bank on one blueprint."""

from app.foodbank import panels, parcel_views, receive_views, request_views, stock_views
from app.foodbank.evidence import views as evidence_views
from app.foodbank.recalls import call_views as recall_call_views
from app.foodbank.recalls import paper as recall_paper
from app.foodbank.recalls import today as recall_today
from app.foodbank.recalls import views as recall_views
from app.foodbank.sorting import views as sorting_views
from app.foodbank.stocktakes import views as stocktake_views
from app.foodbank.tracing import views as tracing_views
from app.foodbank.views import bp

__all__ = [
    "bp",
    "evidence_views",
    "panels",
    "parcel_views",
    "recall_call_views",
    "recall_paper",
    "recall_today",
    "recall_views",
    "receive_views",
    "request_views",
    "sorting_views",
    "stock_views",
    "stocktake_views",
    "tracing_views",
]
