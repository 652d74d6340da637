"""Where each figure is worked out. A module has pure builders, which the source documents' tables
use too, and a function that reads what is counted with a fixed number of statements.
"""
