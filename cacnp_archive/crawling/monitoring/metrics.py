"""The status in Prometheus's text format, for the textfile collector of node_exporter."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cacnp_archive.crawling.monitoring.status_file import RunStatus
from cacnp_archive.model.archive import Archive


def write_metrics(archive: Archive, status: RunStatus) -> None:
    """Replace the metrics file; raises OSError when the write fails."""
    registry = CollectorRegistry()
    registry.register(StatusCollector(status))
    write_to_textfile(str(archive.state_folder / "metrics.prom"), registry)


class StatusCollector(Collector):
    """Returns one status as metrics; the counters start at 0 with each crawl."""

    def __init__(self, status: RunStatus) -> None:
        self._status = status

    def collect(self) -> Iterable[Metric]:
        """Return the metrics; a time that is not known is 0, an unknown exit code is absent.

        With 0 a rule about the age of the last success also fires when there was no success.
        """
        status, counts = self._status, self._status.counts
        yield _gauge("running", "1 while a crawl runs, else 0.", status.state == "running")
        yield _moment("status", "Time of this status.", status.updated_at)
        yield _moment("last_run", "End of the last run.", status.last_run_at)
        yield _moment(
            "last_success",
            "End of the last crawl that fetched all there was, even if some addresses failed.",
            status.last_success_at,
        )
        yield _moment("last_capture", "Time of the last capture of this crawl.",
                      status.last_capture_at)  # fmt: skip
        if status.last_exit_code is not None:
            yield _gauge("last_exit_code", "Exit code of the last run.", status.last_exit_code)
        captures = CounterMetricFamily(
            "cacnp_archive_captures",
            "Captures of this crawl, by HTTP status class.",
            labels=["status_class"],
        )
        for status_class, number in status.captures_by_status_class.items():
            captures.add_metric([status_class], number)
        yield captures
        yield _counter("requests", "Requests of this crawl.", counts.requests)
        yield _counter("failures", "Requests of this crawl without a response.", counts.failures)
        yield _counter("throttled_answers", "HTTP responses 429 and 503.", counts.throttled)
        yield _counter(
            "received_bytes", "Bytes of the responses of this crawl.", counts.received_bytes
        )
        yield _gauge("articles", "Articles that this crawl has parsed.", counts.articles)
        yield _gauge("known_addresses", "Known addresses, of all crawls.", counts.known)
        yield _gauge(
            "waiting_addresses", "Addresses that have not been fetched yet.", counts.waiting
        )
        yield _gauge("unavailable_addresses", "Addresses that could not be fetched.",
                     counts.unavailable)  # fmt: skip
        yield _gauge("warc_bytes", "Size of all WARC files.", status.warc_bytes)
        yield _gauge("database_bytes", "Size of the database.", status.database_bytes)
        yield _gauge("free_disk_bytes", "Free space on the archive's disk.", status.free_disk_bytes)


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"cacnp_archive_{name}", help_text, float(value))


def _counter(name: str, help_text: str, value: float) -> Metric:
    return CounterMetricFamily(f"cacnp_archive_{name}", help_text, float(value))


def _moment(name: str, help_text: str, moment: datetime | None) -> Metric:
    seconds = moment.timestamp() if moment else 0.0
    return _gauge(f"{name}_timestamp_seconds", help_text, seconds)
