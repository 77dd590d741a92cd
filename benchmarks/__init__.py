"""Benchmarks beside other tools; part of neither the product nor the tests."""
