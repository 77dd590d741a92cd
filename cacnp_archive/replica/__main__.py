"""`python -m cacnp_archive.replica`: serve the test copy of the site until Ctrl-C."""

import argparse
import json
import sys
import time
from pathlib import Path

from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.interfaces.sitemaps import STYLES


def main() -> int:
    """Read the command line, serve, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m cacnp_archive.replica", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="0 for any free port")
    parser.add_argument("--articles", type=int, help="add generated posts up to this number")
    parser.add_argument("--misbehave", action="store_true", help="switch /trouble/ on")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--sitemaps", choices=STYLES, default="yoast", help="form of the sitemaps")
    parser.add_argument("--no-rest", action="store_true", help="close the REST interface")
    parser.add_argument("--truth", type=Path, help="write the truth to this JSON file")
    options = parser.parse_args()
    site = build_site(options.articles, options.misbehave)
    site.sitemap_style = options.sitemaps
    site.rest = not options.no_rest
    try:
        with ReplicaServer(site, options.port, options.latency) as server:
            if options.truth:
                text = json.dumps(server.truth, ensure_ascii=False, indent=1)
                options.truth.write_text(text + "\n", "utf-8")
            print(f"{len(site.articles)} articles at {server.base_url} (Ctrl-C ends)", flush=True)
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"cannot serve: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
