"""All pages of the food bank on one blueprint."""

from app.foodbank import panels, parcel_views, receive_views, request_views, stock_views
from app.foodbank.rounds import renewing
from app.foodbank.rounds import views as round_views
from app.foodbank.stocktakes import views as stocktake_views
from app.foodbank.views import bp

__all__ = [
    "bp",
    "panels",
    "parcel_views",
    "receive_views",
    "renewing",
    "request_views",
    "round_views",
    "stock_views",
    "stocktake_views",
]
