import itertools
import shutil

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
        "return Array.from(document.querySelectorAll('#_verdict-table tbody tr')).filter(r => !r.hidden)"
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
    press = "document.querySelectorAll('#_verdict-table thead button')[3].click();"
    window.run(press)
    assert shown(window)[0] == "multi-step-needs-ct0"
    assert window.run("return document.querySelector('[aria-sort]').getAttribute('aria-sort')") == "ascending"
    window.run(press)
    assert shown(window)[0] == "answer-readers-cost-more"
    assert shown(window)[-3:] == ["fraction-needs-ct0", "ct0-is-a-hub", "attention-redistributes"]


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
