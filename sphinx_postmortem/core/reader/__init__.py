"""The reader of page sources."""
