"""A miniature of the site, which this machine serves to the demo and the tests."""

from .server import LogEntry, ReplicaServer
from .site import Site, build_site

__all__ = ["LogEntry", "ReplicaServer", "Site", "build_site"]
