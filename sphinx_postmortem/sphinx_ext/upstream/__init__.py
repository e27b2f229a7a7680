"""Every use of names that other projects keep to themselves: one module for each project.

Each function says in which versions it was read; ``tests/house/test_upstream.py`` fails when what it needs has moved.
No other module uses private names; a test holds to that.
"""
