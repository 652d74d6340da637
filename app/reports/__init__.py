"""Figures: the month's report, the council's sheet, and what to look for next.

Every figure is worked out in one place (`figures/`) as a `FigureTable`; page, Excel, CSV, A4 and
snapshot all draw the same one. This feature reads everything and is read by nobody.
"""
