"""Reporting clocks: until when an incident must be notified to whom. No legal advice."""
