"""A claim's sweep on the page: its picture, its words and its table stand in the claim's chapter."""

import json
import re

import pytest

from ctlab.reporting import write_report
from ctlab.reporting.html.claim_tables import claim_tables
from ctlab.reporting.model.effects import Details
from tests.reporting.fake_report import fake_report
from tests.reporting.fake_sweep import THOUGHTS, sweep_claim, sweep_details
from tests.reporting.html import browser

ID = "some-place-is-needed"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    report = fake_report(conditions=1)
    claims = [sweep_claim(), sweep_claim("../<b>hostile</b>"), *report["claims"][:1]]
    write_report(report | {"claims": claims}, folder)
    return folder / "index.html"


def chapter(page, id):
    found = re.search(rf'<article class="claim" id="{id}".*?</article>', page.read_text("utf-8"), re.DOTALL)
    return found[0]


def test_the_chapter_holds_the_picture_its_words_and_every_cell(page):
    text = chapter(page, ID).replace("\N{NO-BREAK SPACE}", " ")
    assert text.count("<img") == text.count("<figure") == 1
    (alt,) = re.findall(r'<img src="data:image/png;base64,[^"]+" alt="([^"]+)"', text)
    for part in (
        "A cell hides one position",
        "Grey corner: not shown to differ",
        "Frame: CT5, layer 2, head 2, picked",
    ):
        assert part in alt
        assert part in text[text.index("<figcaption>") :]
    assert 'class="scroll" tabindex="0" role="region" aria-label="Figure' in text[: text.index("<img")]
    assert "Every cell of the sweep" in text
    assert "−12.5 (differs)" in text
    assert "estimates" not in text, "what the table shows is not shown again as it was stored"


def test_it_is_a_file_of_the_report_and_not_among_its_other_figures(page):
    files = json.loads(page.with_name("report.json").read_text("utf-8"))["files"]
    assert f"sweep_{ID}.png" in files
    assert page.with_name(f"sweep_{ID}.png").is_file()
    assert sum(file.startswith("sweep_") for file in files) == 2
    text = page.read_text("utf-8")
    at = text.find('id="_figures"')
    assert at < 0 or "sweep_" not in text[at : text.index("</section>", at)]
    assert "<figure" not in chapter(page, fake_report()["claims"][0]["id"])
    document = page.with_name("comprehensive_report.md").read_text("utf-8")
    assert f"sweep_{ID}.png" in document


def table_of(sweep):
    (table,), rest = claim_tables(Details.model_validate({"sweep": sweep, "picked": "CT0"}), "points")
    assert rest == {"picked": "CT0"}
    assert {len(row) for row in table.rows} == {len(table.heads)}
    return table


def test_the_table_has_a_line_for_each_row_of_each_panel():
    table = table_of(sweep_details(positions=THOUGHTS, layers=[0, 1, 2], heads=[0, 1, 2, 3]))
    assert table.heads == ("position, layer", "head 0", "head 1", "head 2", "head 3")
    assert [row[0] for row in table.rows][:4] == ["CT0, layer 0", "CT0, layer 1", "CT0, layer 2", "CT1, layer 0"]
    assert table.rows[0] == ("CT0, layer 0", "−12.5 (differs)", "−0.2", "−0.1", "0.0")
    assert table.rows[-1][3] == "−6.0 (differs, picked)"
    edgeless = [["CT0", "CT0"], ["CT1", "CT0"], ["CT1", "CT1"]]
    table = table_of(sweep_details(3, positions=["CT0", "CT1"], readers=["CT0", "CT1", "answer"], edgeless=edgeless))
    assert table.rows[0] == ("CT0", "–", "−12.5 (differs)", "−6.0 (differs, picked)")
    assert table.rows[1] == ("CT1", "–", "–", "−0.1")
    assert table_of(sweep_details(positions=["CT0", "CT1"])).heads == ("what", "CT0", "CT1")


def test_a_sweep_in_another_form_is_shown_as_it_is():
    tables, rest = claim_tables(Details.model_validate({"sweep": {"grid": {}}}), "points")
    assert (tables, rest) == ([], {"sweep": {"grid": {}}})


@pytest.mark.skipif(browser.missing() is not None, reason=str(browser.missing()))
def test_on_a_phone_it_scrolls_by_itself_and_can_be_reached_by_keyboard(page):
    with browser.Browser() as window:
        window.size(390)
        window.open(page, f"#{ID}")
        seen = window.run(
            f"""
            const figure = document.getElementById('{ID}').querySelector('figure');
            const region = figure.querySelector('.scroll'), image = figure.querySelector('img');
            region.focus();
            return {{
                page: document.documentElement.scrollWidth, drawn: image.naturalWidth, wide: image.clientWidth,
                scrolls: region.scrollWidth > region.clientWidth, focused: document.activeElement === region,
                shown: image.checkVisibility(),
            }};
            """
        )
        assert seen == {"page": 390, "drawn": 1240, "wide": 704, "scrolls": True, "focused": True, "shown": True}
        window.size(1280)
        window.open(page, f"#{ID}")
        assert window.run(
            f"const i = document.getElementById('{ID}').querySelector('img'); return i.clientWidth <= 1240;"
        )
        assert window.complaints() == []
