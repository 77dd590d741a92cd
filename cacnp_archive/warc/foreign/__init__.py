"""Read WARC and ARC files that other programs wrote."""
