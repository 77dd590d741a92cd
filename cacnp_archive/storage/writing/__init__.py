"""Everything that writes rows."""
