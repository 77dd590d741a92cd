"""Parsing: a capture to records, by pure functions without I/O, clock or logging.

Start with `read_capture`, which accepts any capture and picks the parser: `page` for HTML pages
(with `text` for the article's body and `people` for authors and mentions), `lists` for sitemaps,
feeds and the REST API, `files` for PDF, audio and CSS. `tests/golden` has an example of each page
type. Functions called `parse_…` take bytes or text, `select_…` take a tree.
"""
