"""Visits recorded without the network and sent hours later, whatever happened since."""
