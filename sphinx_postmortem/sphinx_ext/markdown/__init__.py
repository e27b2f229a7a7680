"""Pages as GitHub Flavored Markdown, for plain readers and for programs."""
