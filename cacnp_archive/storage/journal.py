"""The journal: what no WARC file tells of a crawl, a line of JSON for each that came to its end.

With it and the WARC files the whole database can be made again.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cacnp_archive.model.durable_files import append_line

Row = dict[str, Any]

_FORMER_NAME = "figures"
"""The key of the metrics in journals that version 0.1 wrote."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a crawl says of itself: its row in `crawls`, and its figures."""

    crawl: Row
    metrics: dict[str, dict[str, float]]


def append_to_journal(path: Path, account: Account) -> None:
    """Add a line and make it safe; raises OSError when the disk refuses."""
    line = json.dumps({"crawl": account.crawl, "metrics": account.metrics}, sort_keys=True)
    append_line(path, line.encode())


def read_journal(path: Path) -> dict[str, Account]:
    """Return the accounts by crawl id; a line that a crash has torn is left out."""
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
