"""Measurements, side by side with peers: no part of the project, and of the tests."""
