"""What HTML pages have on top of the plain output."""
