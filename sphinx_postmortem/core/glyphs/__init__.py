"""Which characters PDFs can print: those of the fonts that they embed, and those of a site's own fonts."""
