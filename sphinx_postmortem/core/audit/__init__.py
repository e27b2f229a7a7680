"""An independent second look at a finished edition: what is hidden in the sources must not be in any of its files.

It shares no code with the gate that hides content while a site is built, so that a fault in one is seen by the other.
"""
