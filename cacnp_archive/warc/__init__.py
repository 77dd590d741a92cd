"""Write, read and check WARC files (ISO 28500:2017, WARC 1.1), their index and packages."""
