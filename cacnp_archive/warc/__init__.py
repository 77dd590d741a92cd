"""The only home of warcio: writing, reading and checking WARC files (ISO 28500, WARC 1.1)."""
