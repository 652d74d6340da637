"""Dated national and municipal tables: what law and forms say, with source and certainty."""
