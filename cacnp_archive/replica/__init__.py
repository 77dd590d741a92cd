"""A small stand-in of the site, served on loopback: the demo and the tests crawl it."""

from .server import LogEntry, ReplicaServer
from .site import Site, build_site

__all__ = ["LogEntry", "ReplicaServer", "Site", "build_site"]
