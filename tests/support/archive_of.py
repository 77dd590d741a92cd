"""Write what a test saved in memory into an archive folder, so that commands open it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.model.archive import Archive


def archive_of(database: Database, folder: Path) -> Archive:
    """Write a database into a new archive folder."""
    archive = Archive(folder)
    archive.prepare()
    with closing(sqlite3.connect(archive.database_path)) as file:
        database.conn.backup(file)
    return archive
