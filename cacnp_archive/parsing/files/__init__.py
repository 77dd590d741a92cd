"""Files that are not pages: PDFs, audio files, style sheets."""
