"""Which incidents resemble one another, and why."""
