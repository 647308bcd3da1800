"""Whatever stands in a report's JSON, its page shows it: no markup, no script, no command, no line turned around."""

import copy
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from ctlab.errors import InputError
from ctlab.reporting import write_report
from ctlab.reporting.html.page import html, page
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_predictions, fake_problems, fake_report
from tests.reporting.html import browser

EVIL = "x</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
EVIL += "\"'`[a](javascript:1)\x1b]0;owned\x07\u202e\u2028../../../e{{ 7*7 }}&lt;"
COMMANDS = set("\x1b\x07\u202e\u2028")
REPORT = fake_report(conditions=3)
JOINED = ("families", "conditions", "claims.*.family", "claims.*.conditions", "claims.*.examples.*.answers", "outcomes")
"""Texts by which a report's parts find each other; each is tried alone."""


class Tags(HTMLParser):
    """What a browser would make of a page: scripts, handlers, and addresses that leave it."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.suspicious: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attributes:
            leaves = (
                name in ("src", "href", "action") and not (value or "").startswith(("#", "data:")) and EVIL in value
            )
            if name.startswith("on") or leaves:
                self.suspicious.append((tag, name, value))


def check(text: str) -> None:
    tags = Tags()
    tags.feed(text)
    assert tags.scripts == 1
    assert tags.suspicious == []
    assert not COMMANDS & set(text)


def texts(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths of all texts, of lists the first element's."""
    if isinstance(part, str):
        yield path
    elif isinstance(part, dict | list):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part[:1]):
            yield from texts(value, (*path, key))


def replaced(report: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(report)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = EVIL
    return changed


def free(report: dict[str, Any], path: tuple[str | int, ...]) -> bool:
    """Whether a report is read with any text in a place: names of verdicts and kinds are not free."""
    try:
        complete(replaced(report, path))
    except InputError:
        return False
    return True


def joined(path: tuple[str | int, ...]) -> bool:
    return ".".join("*" if isinstance(key, int) else key for key in path).startswith(JOINED)


PATHS = [path for path in texts(REPORT) if free(REPORT, path)]


def test_every_text_that_is_free_at_once():
    report = REPORT
    for path in PATHS:
        if not joined(path) and free(report, path):
            report = replaced(report, path)
    text = html(complete(report))
    assert text.count("javascript:1") > 20
    check(text)


@pytest.mark.parametrize("path", [path for path in PATHS if joined(path)], ids=lambda path: ".".join(map(str, path)))
@pytest.mark.slow
def test_a_name_by_which_parts_find_each_other(path):
    check(html(complete(replaced(REPORT, path))))


@pytest.mark.skipif(browser.missing() is not None, reason=str(browser.missing()))
def test_a_browser_shows_it_and_does_nothing(tmp_path):
    around = {path.name for path in tmp_path.parent.iterdir()}
    report = REPORT
    for path in PATHS:
        if path[0] in ("claims", "environment", "command", "model") and not joined(path) and free(report, path):
            report = replaced(report, path)
    write_report(report, tmp_path, predictions=fake_predictions(REPORT), problems=fake_problems(REPORT))
    with browser.Browser() as window:
        for name in ("index.html", "comprehensive_report.html"):
            window.open(tmp_path / name)
            assert window.run("return document.title") != "owned"
            assert window.run("return document.scripts.length") == 1
            assert window.run("return Array.from(document.images).every(i => i.src.startsWith('data:'))")
            assert window.complaints() == []
    for path in tmp_path.rglob("*.md"):
        assert not COMMANDS & set(path.read_text())
    assert {path.name for path in tmp_path.parent.iterdir()} - around == set(), "no name leads out of the folder"


def test_every_page_has_a_policy_that_allows_its_own_script_alone():
    for text in (html(complete(REPORT)), page("document.html", title="t", blocks=[])):
        assert "default-src 'none'" in text
        assert "script-src 'sha256-" in text
        assert text.count("unsafe") == 1  # inline styles
