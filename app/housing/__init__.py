"""Homes: landlords, buildings, vacancies, council lists, and candidates for a household."""
