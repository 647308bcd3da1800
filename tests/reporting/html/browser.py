"""A real Chromium, driven through chromedriver by the few WebDriver commands that the tests need."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def missing() -> str | None:
    """Why no browser can be driven here; None where one can."""
    absent = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"needs {' and '.join(absent)} on the path (Debian: chromium, chromium-driver)" if absent else None


class Browser:
    """One window; a context manager that ends what it started."""

    def __enter__(self) -> "Browser":
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._driver = subprocess.Popen(
            [shutil.which("chromedriver") or "chromedriver", "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._address = f"http://127.0.0.1:{self._port()}"
        options = {
            "binary": shutil.which("chromium"),
            "args": [*FLAGS, f"--user-data-dir={self._folder.name}"],
        }
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self._address += f"/session/{session['sessionId']}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self._send("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait(20)
            if self._driver.stdout:
                self._driver.stdout.close()
            self._folder.cleanup()

    def _port(self) -> int:
        assert self._driver.stdout is not None
        deadline = time.monotonic() + 30
        for line in self._driver.stdout:
            if "on port" in line and "successfully" in line:
                return int(line.rsplit(" ", 1)[1].strip().rstrip("."))
            if time.monotonic() > deadline:
                break
        raise RuntimeError("chromedriver did not say which port it listens on")

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(self._address + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error

    def open(self, path: Path, anchor: str = "") -> None:
        """Load a file."""
        self.visit(path.as_uri() + anchor)

    def visit(self, address: str) -> None:
        """Load what an address leads to."""
        self._send("POST", "/url", {"url": address})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page and return its result."""
        return self._send("POST", "/execute/sync", {"script": script, "args": []})

    def size(self, width: int, height: int = 900) -> None:
        """Give the page a width, below what a window can have too."""
        values = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        self.devtools("Emulation.setDeviceMetricsOverride", **values)

    def devtools(self, command: str, **values: Any) -> Any:
        """Send a DevTools command."""
        return self._send("POST", "/goog/cdp/execute", {"cmd": command, "params": values})

    def complaints(self) -> list[str]:
        """Errors and refused loads that the console has seen."""
        entries = self._send("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]
