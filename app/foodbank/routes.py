"""All pages of the food bank on one blueprint, and what its subfolders add to the API."""

from app.foodbank import panels, parcel_views, receive_views, request_views, stock_views
from app.foodbank.late import api as late_api
from app.foodbank.late import views as late_views
from app.foodbank.stocktakes import views as stocktake_views
from app.foodbank.views import bp

__all__ = [
    "bp",
    "late_api",
    "late_views",
    "panels",
    "parcel_views",
    "receive_views",
    "request_views",
    "stock_views",
    "stocktake_views",
]
