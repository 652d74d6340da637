"""Demonstration data: made-up people, homes and food for a first look."""
