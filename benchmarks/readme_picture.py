"""The picture in README: the first screen of a real report, taken with the browser that tests use.

python -m benchmarks.readme_picture reports/latest

Writes docs/images/report.png, in 64 colours, which a page of text and flat areas does not miss.
"""

import argparse
import base64
import io
import sys
from pathlib import Path

from tests.reporting.html import browser

OUT = Path(__file__).parents[1] / "docs" / "images" / "report.png"
WIDTH, HEIGHT = 1060, 1190
"""The paragraph at its full width, and below it all thoughts of the embedded model."""
_COLOURS = 64


def screenshot(page: Path, width: int, height: int) -> bytes:
    """Return the first screen of a page as PNG, without scroll bars."""
    with browser.Browser() as window:
        window.size(width, height)
        window.devtools("Emulation.setScrollbarsHidden", hidden=True)
        window.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        window.open(page)
        return base64.b64decode(window.devtools("Page.captureScreenshot", format="png")["data"])


def small(png: bytes) -> bytes:
    """Return a picture with few colours."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Take the picture of a report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of a report")
    page = parser.parse_args(arguments).run / "index.html"
    if why := browser.missing():
        print(why, file=sys.stderr)
        return 1
    if not page.exists():
        print(f"{page} does not exist; give the folder of a report, such as reports/latest", file=sys.stderr)
        return 4
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(small(screenshot(page.resolve(), WIDTH, HEIGHT)))
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
