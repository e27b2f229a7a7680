"""Which records a list shows, in which order, in which columns."""
