"""Drive a real Chromium by the WebDriver protocol, which chromedriver speaks in plain HTTP."""

import base64
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INSTALL = "browser tests need it: apt-get install chromium chromium-driver"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--window-size=1200,1000",
)
TRIES = 2_000
"""So often a page is looked at before what it waits for counts as missing."""


class Browser:
    """One browser window."""

    def __init__(self, session_url: str) -> None:
        self._session_url = session_url

    def open(self, url: str) -> None:
        """Open an address, and wait for its load event."""
        self._post("url", {"url": url})

    def run(self, script: str, *arguments: object) -> Any:
        """Return what a script returns in the current frame; elements can be passed on."""
        return self._post("execute/sync", {"script": script, "args": arguments})

    def until(self, script: str, *arguments: object) -> Any:
        """Run a script until it returns something that is true."""
        for _ in range(TRIES):
            if result := self.run(script, *arguments):
                return result
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}\n{self.run('return document.body.innerText')}")

    def enter(self, *path: str) -> None:
        """Go into a frame: the selectors of its shadow hosts, outermost first, and its own."""
        script = """let place = document;
            for (const selector of arguments) {
                const element = place.querySelector(selector);
                if (element === null) return null;
                place = element.shadowRoot ?? element;
            }
            return place"""
        self._post("frame", {"id": self.until(script, *path)})

    def save_screenshot(self, path: Path) -> None:
        """Keep what can be seen."""
        path.write_bytes(base64.b64decode(_call("GET", f"{self._session_url}/screenshot")))

    @contextmanager
    def showing(self, width: int, scheme: str) -> Iterator[None]:
        """Show pages as wide as a phone or a desk, to a reader who likes them light or dark."""
        metrics = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 600}
        scheme_wanted = {"name": "prefers-color-scheme", "value": scheme}
        self._tell("Emulation.setDeviceMetricsOverride", metrics)
        self._tell("Emulation.setEmulatedMedia", {"features": [scheme_wanted]})
        try:
            yield
        finally:
            self._tell("Emulation.clearDeviceMetricsOverride", {})
            self._tell("Emulation.setEmulatedMedia", {"features": []})

    def _tell(self, command: str, parameters: dict[str, object]) -> None:
        self._post("goog/cdp/execute", {"cmd": command, "params": parameters})

    def _post(self, command: str, body: dict[str, object]) -> Any:
        return _call("POST", f"{self._session_url}/{command}", body)


@contextmanager
def running_browser(folder: Path) -> Iterator[Browser]:
    """Start Chromium with a profile of its own in `folder`."""
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    for name, path in programs.items():
        assert path is not None, f"no {name}: {INSTALL}"
    log = folder / "chromedriver.log"
    with log.open("wb") as stream:
        driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=stream, stderr=stream)
    try:
        driver_url = f"http://127.0.0.1:{_announced_port(driver, log)}/session"
        options = {
            "binary": programs["chromium"],
            "args": [*ARGUMENTS, f"--user-data-dir={folder / 'profile'}"],
        }
        capabilities = {"alwaysMatch": {"goog:chromeOptions": options}}
        session = _call("POST", driver_url, {"capabilities": capabilities})["sessionId"]
        try:
            yield Browser(f"{driver_url}/{session}")
        finally:
            _call("DELETE", f"{driver_url}/{session}")
    finally:
        driver.terminate()
        driver.wait()


def _announced_port(driver: "subprocess.Popen[bytes]", log: Path) -> int:
    announcement = "started successfully on port "
    for _ in range(300):
        assert driver.poll() is None, log.read_text()
        if announcement in (text := log.read_text()):
            return int(text.partition(announcement)[2].split(".")[0])
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def _call(method: str, url: str, body: dict[str, object] | None = None) -> Any:
    request = urllib.request.Request(
        url,
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request) as response:
            return json.load(response)["value"]
    except urllib.request.HTTPError as error:
        raise AssertionError(json.load(error)["value"]["message"]) from error
