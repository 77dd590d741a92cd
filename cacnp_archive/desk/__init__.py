"""The research desk: Datasette on the archive's database, made ready for reading and citing.

Only `serve` and `plugin` import Datasette, which is an optional extra.
"""
