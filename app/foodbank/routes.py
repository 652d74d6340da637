"""All pages of the food bank on one blueprint, and its parts of the API."""

from app.foodbank import panels, parcel_views, receive_views, request_views, stock_views
from app.foodbank.kits import api as kit_api
from app.foodbank.kits import views as kit_views
from app.foodbank.moving import api as moving_api
from app.foodbank.moving import views as moving_views
from app.foodbank.running_out import api as running_out_api
from app.foodbank.running_out import views as running_out_views
from app.foodbank.scanning import views as scan_views
from app.foodbank.shelves import api as shelf_api
from app.foodbank.shelves import views as shelf_views
from app.foodbank.stocktakes import views as stocktake_views
from app.foodbank.views import bp

__all__ = [
    "bp",
    "kit_api",
    "kit_views",
    "moving_api",
    "moving_views",
    "panels",
    "parcel_views",
    "receive_views",
    "request_views",
    "running_out_api",
    "running_out_views",
    "scan_views",
    "shelf_api",
    "shelf_views",
    "stock_views",
    "stocktake_views",
]
