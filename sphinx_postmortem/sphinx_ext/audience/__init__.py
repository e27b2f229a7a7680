"""The audience gate within Sphinx."""
