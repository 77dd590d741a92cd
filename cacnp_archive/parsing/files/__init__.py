"""Parsers of files that are not pages: PDF, audio and CSS."""
