"""The journal: what the WARC files do not say about a crawl, one line of JSON per finished crawl.

The whole database can be rebuilt from the journal and the WARC files.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cacnp_archive.model.durable_files import append_line

Row = dict[str, Any]

_FORMER_NAME = "figures"
"""The key of the metrics in journals of version 0.1."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a finished crawl: its row in `crawls`, and its metrics."""

    crawl: Row
    metrics: dict[str, dict[str, float]]


def append_to_journal(path: Path, account: Account) -> None:
    """Append a line and fsync it; raises OSError when the disk refuses."""
    line = json.dumps({"crawl": account.crawl, "metrics": account.metrics}, sort_keys=True)
    append_line(path, line.encode())


def read_journal(path: Path) -> dict[str, Account]:
    """Return the accounts by crawl id; a line that a crash has cut short is skipped."""
    accounts: dict[str, Account] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        try:
            data = json.loads(line)
            accounts[data["crawl"]["id"]] = Account(
                data["crawl"], data["metrics"] if "metrics" in data else data[_FORMER_NAME]
            )
        except (ValueError, KeyError, TypeError):
            continue
    return accounts
