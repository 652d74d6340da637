"""The Tsunagi web application."""
