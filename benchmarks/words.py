"""How much there is to read: words of a report's page and documents, as it opens and with everything opened.

python -m benchmarks.words reports/latest

A word is a run without a space that holds a letter or a digit, so that a table's lines and bars count for nothing.
"At first" is what a reader sees who opens nothing: of closed <details> only the summary. What nobody sees (styles,
scripts, titles, what is there for screen readers only) is in neither column.
"""

import argparse
import sys
from html.parser import HTMLParser
from pathlib import Path

FILES = ("index.html", "comprehensive_report.html", "comprehensive_report.md", "case_studies.md")
_UNSEEN = ("head", "style", "script", "template", "noscript", "title")
_VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
_BREAKS = ("a", "abbr", "b", "bdi", "code", "em", "i", "small", "strong", "sub", "sup", "tspan")
"""Elements that break no word; all others end one."""

_OPEN = "open "
"""Marks <details> that are open when the page opens."""


class _Text(HTMLParser):
    """Visible text, and which part of it is in sight when the page opens."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.first: list[str] = []
        self._stack: list[tuple[str, bool, bool]] = []
        # Elements around: name, whether it is seen at all, whether it is seen at first.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._space(tag)
        if tag in _VOID:
            return
        values = dict(attrs)
        _, seen, at_first = self._stack[-1] if self._stack else ("", True, True)
        if self._stack and self._stack[-1][0] == "details" and tag != "summary":
            at_first = False
        classes = (values.get("class") or "").split()
        if tag in _UNSEEN or "hidden" in values or "vh" in classes or "skip" in classes:
            seen = False
        name = f"{_OPEN}{tag}" if tag == "details" and "open" in values else tag
        self._stack.append((name, seen, at_first))

    def handle_endtag(self, tag: str) -> None:
        while any(name.removeprefix(_OPEN) == tag for name, _, _ in self._stack):
            if self._stack.pop()[0].removeprefix(_OPEN) == tag:
                break
        self._space(tag)

    def handle_data(self, data: str) -> None:
        name, seen, at_first = self._stack[-1] if self._stack else ("", True, True)
        if seen:
            self.opened.append(data)
            if at_first and name != "details":
                self.first.append(data)

    def _space(self, tag: str) -> None:
        if tag not in _BREAKS:
            self.opened.append(" ")
            self.first.append(" ")


def words(text: str) -> int:
    """Count the words of a text."""
    return sum(any(map(str.isalnum, run)) for run in text.split())


def page_words(html: str) -> tuple[int, int]:
    """Count a page's words: in sight when it opens, and with everything opened."""
    read = _Text()
    read.feed(html)
    read.close()
    return words("".join(read.first)), words("".join(read.opened))


def main(arguments: list[str]) -> int:
    """Print a table: file, words at first, words opened."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.words", description="Words of a report, by file.")
    asked.add_argument("reports", nargs="+", type=Path, help="folders of reports")
    for folder in asked.parse_args(arguments).reports:
        sys.stdout.write(f"{folder}\n\n| file | at first | opened |\n| --- | ---: | ---: |\n")
        for name in FILES:
            if (path := folder / name).is_file():
                text = path.read_text(encoding="utf-8")
                counts = page_words(text) if path.suffix == ".html" else (words(text), words(text))
                sys.stdout.write(f"| {name} | {counts[0]:,} | {counts[1]:,} |\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
