"""Records of WARC and ARC files that other programs wrote."""
