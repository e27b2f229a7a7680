"""The directives that an author writes in a postmortem."""
