"""Sheets for meetings as files: HTML pages and PDFs."""
