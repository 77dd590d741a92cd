"""A small test copy of the site, served on loopback to the demo and the tests."""

from cacnp_archive.replica.server.replica_server import LogEntry, ReplicaServer
from cacnp_archive.replica.state.replica_site import ReplicaSite, build_site

__all__ = ["LogEntry", "ReplicaServer", "ReplicaSite", "build_site"]
