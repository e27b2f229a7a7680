"""The fixtures of the PDF tests."""

from tests.pdf.pdf_project import local_extension, make_project  # noqa: F401
