import itertools
import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from ctlab.reporting import write_report
from tests.reporting.fake_report import fake_predictions, fake_problems, fake_report
from tests.reporting.html import browser

pytestmark = pytest.mark.skipif(browser.missing() is not None, reason=str(browser.missing()))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    report = fake_report(conditions=14)
    write_report(report, folder, predictions=fake_predictions(report), problems=fake_problems(report))
    return folder / "index.html"


@pytest.fixture(scope="module")
def window():
    with browser.Browser() as opened:
        yield opened


def shown(window):
    return window.run(
        "return Array.from(document.querySelectorAll('#_verdict-table tbody tr[data-verdict]')).filter(r => !r.hidden)"
        ".map(r => r.querySelector('code').textContent)"
    )


def choose(window, name, value):
    window.run(f"var e = document.getElementById('{name}'); e.value = '{value}'; e.dispatchEvent(new Event('input'));")


def test_hostile_text_does_nothing(page, window):
    window.open(page)
    assert window.run("return document.title") == "ctlab report: tiny on tiny"
    assert window.run("return document.scripts.length") == 1
    assert window.run("return Array.from(document.images).every(i => i.src.startsWith('data:image/png'))")
    assert window.complaints() == []


def test_an_injected_script_would_be_refused(page, window):
    window.open(page)
    window.run(
        "var s = document.createElement('script'); s.textContent = 'document.title = \"owned\"';"
        "document.body.appendChild(s); document.body.insertAdjacentHTML('beforeend', "
        '\'<img src="x" onerror="document.title=1">\');'
    )
    assert window.run("return document.title") == "ctlab report: tiny on tiny"
    assert any("Content Security Policy" in text for text in window.complaints())


def test_filters_and_sorting(page, window):
    window.open(page)
    assert len(shown(window)) == 15
    choose(window, "_filter-verdict", "VOID")
    assert shown(window) == ["ct5-lowers-accuracy"]
    assert window.run("return document.getElementById('_filter-count').textContent") == "1 of 15 shown"
    choose(window, "_filter-verdict", "")
    choose(window, "_filter-family", "attention-flow")
    assert shown(window) == ["ct0-is-a-hub", "attention-redistributes"]
    choose(window, "_filter-family", "")
    choose(window, "_filter-text", "REVERSAL")
    assert shown(window) == ["ct0-raises-operation-reversal"]
    choose(window, "_filter-text", "")


SORTED = """
return Array.from(document.querySelectorAll('#_verdict-table tbody tr[data-verdict]'))
    .map(r => [r.dataset.unit, r.cells[3].dataset.key === '' ? null : Number(r.cells[3].dataset.key)]);
"""


def test_effects_are_sorted_within_their_unit(page, window):
    window.open(page)
    press = "document.querySelectorAll('#_verdict-table thead button')[3].click();"
    for way, largest_first in (("ascending", False), ("descending", True)):
        window.run(press)
        assert window.run("return document.querySelector('[aria-sort]').getAttribute('aria-sort')") == way
        rows = window.run(SORTED)
        groups = [
            (unit, [value for _, value in rows]) for unit, rows in itertools.groupby(rows, key=lambda row: row[0])
        ]
        assert len(groups) == len({unit for unit, _ in groups}) > 2, "each unit stands together"
        assert groups[-1][0] == "", "claims without an effect come last"
        for _, values in groups[:-1]:
            assert values == sorted(values, reverse=largest_first)
        heads = window.run("return Array.from(document.querySelectorAll('tr.unit')).map(r => r.textContent)")
        assert heads == [unit or "no effect measured" for unit, _ in groups]


def visible_claims(window):
    return window.run(
        "return Array.from(document.querySelectorAll('#_claims .claim')).filter(c => c.checkVisibility())"
        ".map(c => c.id)"
    )


def test_filters_hold_for_claims_and_are_restored_by_a_link_and_by_back(page, window):
    window.open(page)
    choose(window, "_filter-verdict", "VOID")
    assert visible_claims(window) == ["ct5-lowers-accuracy"]
    choose(window, "_filter-sort", "-3")
    link = window.run("return location.hash")
    assert link == "#?verdict=VOID&sort=-3"
    window.open(page.with_name("absent.html"))
    window.open(page, link)
    assert shown(window) == visible_claims(window) == ["ct5-lowers-accuracy"]
    window.run("document.querySelector('tr[data-verdict]:not([hidden]) a').click()")
    assert window.run("return location.hash") == "#ct5-lowers-accuracy?verdict=VOID&sort=-3"
    assert window.run("return document.querySelector('.linked').id") == "ct5-lowers-accuracy"
    window.open(page)
    choose(window, "_filter-verdict", "VOID")
    window.run("history.back(); return new Promise(done => setTimeout(done, 100))")
    assert len(shown(window)) == 15
    window.open(page, "#ct0-raises-operation-reversal?verdict=VOID")
    assert "ct0-raises-operation-reversal" in visible_claims(window), "what a link leads to is shown"


def test_a_minus_that_is_typed_finds_the_one_that_is_written(page, window):
    window.open(page)
    written = window.run("return document.querySelector('td[data-label=Effect] .main').textContent")
    assert "\N{MINUS SIGN}" in written
    choose(window, "_filter-text", written.replace("\N{MINUS SIGN}", "-").replace("\xa0", " "))
    assert "ct0-lowers-accuracy" in shown(window)


def test_on_a_phone_axis_and_order_stay(page, window):
    window.size(400)
    window.open(page)
    assert window.run("return document.getElementById('_filter-sort').checkVisibility()")
    window.run("document.querySelectorAll('tr[data-verdict]')[9].scrollIntoView()")
    place = "document.querySelector('thead .drawn svg').getBoundingClientRect()"
    assert window.run(f"var place = {place}; return place.top >= 0 && place.bottom < 80 && place.width > 300")
    assert window.run("return document.querySelector('thead th button').checkVisibility()") is False


def test_every_drawing_has_ticks_and_its_interval_lies_over_the_ring(page, window):
    window.open(page)
    wrong = window.run(
        """
        const points = document.querySelector('thead .drawn .axis-title').textContent;
        return Array.from(document.querySelectorAll('tr[data-verdict]')).filter(row => {
            const svg = row.querySelector('.forest');
            if (!svg) return false;
            const marks = Array.from(svg.children).map(part => part.getAttribute('class'));
            const hollow = getComputedStyle(svg.querySelector('.estimate')).fill === 'none';
            const over = marks.indexOf('estimate') < marks.indexOf('deciding');
            return !hollow || !over || (row.dataset.unit !== points && !svg.querySelector('text'));
        }).length;
        """
    )
    assert wrong == 0


JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'"
"""What Jenkins sends with every file that it archives, unless told otherwise
(https://www.jenkins.io/doc/book/security/configuring-content-security-policy/)."""


@pytest.fixture
def strict(page):
    """The report's folder behind a server on this machine that sends Jenkins' policy."""

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self):
            self.send_header("Content-Security-Policy", JENKINS)
            super().end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(page.parent))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


def test_a_policy_without_scripts_and_styles_leaves_it_readable(strict, window):
    window.visit(strict)
    assert any("sandbox" in text or "inline style" in text for text in window.complaints())
    seen = window.run(
        """
        const shown = selector => Array.from(document.querySelectorAll(selector)).filter(e => e.checkVisibility());
        return {
            rules: document.styleSheets.length && document.styleSheets[0].cssRules.length,
            said: shown('[data-unscripted]').length,
            rows: shown('tr[data-verdict]').length,
            claims: shown('.claim').length,
            filters: shown('#_filters').length,
            // SVG draws black where nobody says otherwise: a shape that is filled black hides what lies under it.
            black: shown('.forest rect, .forest circle')
                .filter(e => getComputedStyle(e).fill === 'rgb(0, 0, 0)').length,
            undrawn: shown('.forest line').filter(e => getComputedStyle(e).stroke === 'none').length,
        };
        """
    )
    assert seen == {"rules": 0, "said": 1, "rows": 15, "claims": 15, "filters": 0, "black": 0, "undrawn": 0}


def test_a_link_to_a_filter_leads_to_what_it_filters(page, window):
    window.size(1280)
    window.open(page.with_name("absent.html"))
    window.open(page, "#?verdict=SUPPORTED&sort=-3")
    assert 0 <= window.run("return document.getElementById('_verdicts').getBoundingClientRect().top") < 100
    window.open(page.with_name("absent.html"))
    window.open(page)
    assert window.run("return scrollY") == 0


def test_a_link_leads_to_its_claim(page, window):
    window.open(page, "#ct4-leaves-errors-alone")
    assert window.run("return document.querySelector(':target').id") == "ct4-leaves-errors-alone"


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_width_scrolls_sideways(page, window, width):
    window.size(width)
    window.open(page)
    assert window.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_page(page, window, scheme):
    """Every text has the contrast of 4.5 to 1 that WCAG 2 asks for."""
    window.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    window.open(page)
    assert window.run(_CONTRASTS) == []


_CONTRASTS = """
function parse(colour) {
  var parts = colour.match(/[\\d.]+/g).map(Number);
  return parts.length < 4 ? parts.concat(1) : parts;
}
function linear(part) { return part <= .03928 ? part / 12.92 : Math.pow((part + .055) / 1.055, 2.4); }
function light(colour) {
  return [.2126, .7152, .0722].reduce((sum, share, i) => sum + share * linear(colour[i] / 255), 0);
}
function behind(element) {
  for (; element; element = element.parentElement) {
    var colour = parse(getComputedStyle(element).backgroundColor);
    if (colour[3] === 1) { return colour; }
  }
  return [255, 255, 255, 1];
}
var bad = {};
document.querySelectorAll('body *').forEach(function (element) {
  var own = Array.from(element.childNodes).some(node => node.nodeType === 3 && node.textContent.trim());
  if (!own || !element.checkVisibility() || element.closest('.cell, svg, script, .vh')) { return; }
  var text = light(parse(getComputedStyle(element).color)), page = light(behind(element));
  var ratio = (Math.max(text, page) + .05) / (Math.min(text, page) + .05);
  if (ratio < 4.5) { bad[element.tagName + '.' + element.className] = ratio.toFixed(2); }
});
return Object.entries(bad).map(pair => pair.join(' '));
"""


def test_names_of_conditions_stay_whole_in_the_tables_of_cases(page, window):
    window.size(1280)
    window.open(page.parent / "comprehensive_report.html")
    broken = window.run(
        """
        const broken = [];
        for (const cell of document.querySelectorAll('.document tbody th')) {
            const node = cell.firstChild;
            for (const found of node.data.matchAll(/[\\w]+/g)) {
                const range = document.createRange();
                range.setStart(node, found.index);
                range.setEnd(node, found.index + found[0].length);
                // A name wider than its column has to break somewhere.
                if (found[0].length < 40 && range.getClientRects().length > 1) broken.push(found[0]);
            }
        }
        return broken;
        """
    )
    assert broken == []


def test_a_wide_table_shows_that_it_goes_on(page, window):
    window.size(400)
    window.open(page.parent / "comprehensive_report.html")
    seen = window.run(
        "return Array.from(document.querySelectorAll('.scroll')).filter(e => e.scrollWidth > e.clientWidth)"
        ".map(e => getComputedStyle(e).backgroundImage)"
    )
    assert seen
    assert all(image.count("linear-gradient") == 4 for image in seen)


def test_complete_without_scripts(page, window):
    window.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        window.open(page)
        nodes = window.devtools("DOM.getDocument", depth=-1)
        root = nodes["root"]["nodeId"]
        rows = window.devtools("DOM.querySelectorAll", nodeId=root, selector="#_verdict-table tbody tr:not([hidden])")
        filters = window.devtools("DOM.querySelectorAll", nodeId=root, selector="#_filters[hidden]")
        assert len(rows["nodeIds"]) == 15
        assert len(filters["nodeIds"]) == 1
    finally:
        window.devtools("Emulation.setScriptExecutionDisabled", value=False)


def test_headings_and_names_for_screen_readers(page, window):
    window.open(page)
    levels = window.run("return Array.from(document.querySelectorAll('h1,h2,h3,h4')).map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert window.run("return Array.from(document.images).every(i => i.alt.length > 20)")
    drawings = "Array.from(document.querySelectorAll('svg'))"
    assert window.run(f"return {drawings}.every(s => s.ariaLabel || s.ariaHidden === 'true')")
    assert window.run("return document.documentElement.lang") == "en"


def test_prints(page, window):
    window.open(page)
    assert len(window.devtools("Page.printToPDF", printBackground=True)["data"]) > 100_000


def test_missing_browser_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "chromium and chromedriver" in browser.missing()
