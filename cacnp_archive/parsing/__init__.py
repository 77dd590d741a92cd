"""Captures to records: pure functions, without I/O, clock or logging."""
