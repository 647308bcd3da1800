import json
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from ctlab.errors import InputError
from ctlab.reporting import render, write_report
from ctlab.reporting.__main__ import main
from ctlab.reporting.figures import picture_files
from ctlab.reporting.html.claim_view import rests_on
from ctlab.reporting.model import ProblemRow, read
from ctlab.reporting.model.record import Many
from ctlab.reporting.prose.glossary import ALPHA, LEVEL, glossary
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import N, fake_predictions, fake_problems, fake_report

REPORT = fake_report(conditions=3)
PROBLEMS = fake_problems(REPORT)
PICTURES = set(picture_files(complete(REPORT), read(Many[ProblemRow], PROBLEMS, "problems")))
FILES = PICTURES | {
    "report.json",
    "index.html",
    "verdicts.svg",
    "error_taxonomy_full.json",
    "error_taxonomy_summary.json",
    "problem_sensitivity_full.json",
    "problem_sensitivity_summary.json",
    "case_studies.json",
    "case_studies.md",
    "comprehensive_report.md",
    "comprehensive_report.html",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    report = fake_report(conditions=3)
    report["error_taxonomy"] = {
        "schema": 1,
        "conditions": {name: {"n": N, "outcomes": table} for name, table in report["outcomes"].items()},
    }
    paths = write_report(report, folder, predictions=fake_predictions(report), problems=fake_problems(report))
    return folder, paths


def test_every_file_is_written_and_named_in_the_report(written):
    folder, paths = written
    assert {"error_distributions.png", "problem_sensitivity_scatter.png", "problem_sensitivity_types.png"} <= PICTURES
    assert {path.name for path in paths} == FILES == {path.name for path in folder.iterdir()}
    assert set(json.loads((folder / "report.json").read_text())["files"]) == FILES


def test_side_tables_hold_every_row(written):
    folder, _ = written
    assert len(json.loads((folder / "error_taxonomy_full.json").read_text())) == 3 * N
    assert len(json.loads((folder / "problem_sensitivity_full.json").read_text())) == N


def test_rendering_again_gives_the_same_bytes(written):
    folder, _ = written
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rendered = {name for name in FILES if name.endswith((".png", ".svg", ".html", ".md"))}
    assert {path.name for path in render(folder)} == rendered
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_pictures_are_the_same_when_drawn_anew(written, tmp_path):
    folder, _ = written
    for name in ("report.json", "problem_sensitivity_full.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    render(tmp_path)
    for name in FILES:
        if name.endswith(".png"):
            assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_pictures_of_an_earlier_report_are_taken_over_without_matplotlib(written, tmp_path):
    folder, _ = written
    code = (
        "import sys, json; from pathlib import Path; from ctlab.reporting import write_report\n"
        f"folder = Path({str(folder)!r})\n"
        "report = json.loads((folder / 'report.json').read_text())\n"
        "problems = json.loads((folder / 'problem_sensitivity_full.json').read_text())\n"
        f"write_report(report, Path({str(tmp_path)!r}), problems=problems, earlier=[folder])\n"
        "heavy = {'matplotlib', 'numpy', 'scipy', 'pandas', 'statsmodels', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "error_distributions.png").read_bytes() == (folder / "error_distributions.png").read_bytes()


def test_changed_numbers_are_drawn_anew(written, tmp_path):
    folder, _ = written
    report = json.loads((folder / "report.json").read_text())
    report["problem_sensitivity"] = {}
    report["outcomes"]["baseline"]["SIGN_ERROR"] |= {"count": 40, "share": 0.1}
    write_report(report, tmp_path, earlier=[folder])
    assert (tmp_path / "error_distributions.png").read_bytes() != (folder / "error_distributions.png").read_bytes()


def test_a_report_without_answers_has_a_page_and_no_pictures(tmp_path):
    report = fake_report(conditions=0)
    report |= {"problem_sensitivity": {}, "claims": [], "interrupted": True}
    assert {path.name for path in write_report(report, tmp_path)} == {
        "report.json",
        "index.html",
        "verdicts.svg",
        "comprehensive_report.md",
        "comprehensive_report.html",
    }
    assert "This run judged no claim." in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize("file", ["/etc/hostname", "../../secret"])
def test_a_file_outside_of_its_folder_is_refused(written, tmp_path, file):
    report = json.loads((written[0] / "report.json").read_text("utf-8"))
    (tmp_path / "report.json").write_text(json.dumps(report | {"files": [file]}), encoding="utf-8")
    with pytest.raises(InputError, match="is not in its folder"):
        render(tmp_path)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    from ctlab.reporting.report_files import write_json

    path = write_json(tmp_path / "a.json", {"kept": True})
    with pytest.raises(InputError, match="finite"):
        write_json(path, {"broken": float("nan")})
    assert json.loads(path.read_text()) == {"kept": True}
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written to"):
        write_report(fake_report(conditions=1), tmp_path / "file" / "below")


def test_command_line(written, tmp_path, capsys):
    folder, _ = written
    with pytest.raises(SystemExit, match="4"):
        main([])
    assert "arguments are required: DIR; see python -m ctlab.reporting --help" in capsys.readouterr().err
    assert main([str(folder / "report.json")]) == 0
    assert "index.html" in capsys.readouterr().out
    assert main([str(tmp_path)]) == 4
    assert "give the folder of a report" in capsys.readouterr().err
    (tmp_path / "report.json").write_text("{")
    assert main([str(tmp_path)]) == 4
    assert "is not JSON" in capsys.readouterr().err


class Page(HTMLParser):
    """Collects what a test asks of a page: elements, ids, links, text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.texts, self.tips = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.tips += [found["title"]] if tag == "abbr" else []
        self.links += [found[name] for name in ("href", "src") if name in found]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def page(written):
    return Page((written[0] / "index.html").read_text(encoding="utf-8"))


def test_ids_are_unique_and_links_lead_somewhere(page):
    assert len(set(page.ids)) == len(page.ids)
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)


def test_every_claim_has_its_own_anchor(page):
    assert {claim["id"] for claim in fake_report()["claims"]} <= set(page.ids)


def test_nothing_comes_from_elsewhere(page):
    assert all(link.startswith(("#", "data:")) or link in FILES for link in page.links)


def test_what_a_model_wrote_adds_no_element(page):
    assert page.tags.count("script") == 1
    assert page.tags.count("img") == len(PICTURES)
    assert page.tags.count("h1") == 1
    shown = "".join(page.texts)
    assert "<script>document.title='owned'</script>" in shown
    assert "{{ 7*7 }} {% raw %}" in shown
    assert "\u202e" not in shown
    assert "7" * 10_000 not in shown


def test_every_number_of_the_evidence_is_there(page):
    shown = "".join(page.texts).replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "281 broken, 31 fixed of 1,319 problems",
        "Deciding interval, 98.33 %",
        "Unadjusted 95 % interval",
        "p < .0001, below α = .0083",
        "passed 2 checks, 8.2 edges removed a problem (sample of 16 problems)",
        "ct0_blocked (bites)",
        "INCONCLUSIVE: the verdict has changed to SUPPORTED",
        "exploratory: differs from what was registered",
        "6 claims registered share α = .05: .0083 each.",
        "1 claim is VOID",
        "pytest hypotheses/",
    ):
        assert words in shown, words


def test_words_that_a_newcomer_may_not_know_have_a_tip_and_stand_in_the_glossary(page):
    tips, shown = " ".join(page.tips), "".join(page.texts).replace("\N{NO-BREAK SPACE}", " ")
    for term in glossary(complete(fake_report())):
        assert term.name in page.texts
        assert term.meaning in shown
    assert "must give the same token ids as baseline" in tips
    for meaning in (LEVEL, ALPHA, "says, of its own model: no number of this run"):
        assert meaning in tips, meaning


def test_claims_and_conditions_link_to_each_other(page):
    for claim in complete(fake_report()).claims:
        for name in rests_on(claim):
            if f"condition_{name}" in page.ids:
                assert f"#condition_{name}" in page.links
                assert page.links.count(f"#{claim.id}") >= 2


def test_the_documents_are_linked_at_the_top(page):
    assert page.links[:3].count("comprehensive_report.html") == 1


@pytest.mark.parametrize("status", ["judged", "not_run", "skipped", "error"])
def test_only_a_verdict_is_called_exploratory(tmp_path, status):
    """The badge qualifies a verdict; where there is none, the evidence alone says that the claim has changed."""
    report = fake_report(conditions=1)
    row = next(row for row in report["claims"] if row["exploratory"])
    row |= {"status": status, "deviation": "its margin changed since it was registered"}
    if status != "judged":
        row |= {"verdict": None, "effect": None, "flags": []}
    write_report(report, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert ('class="tag tag-exploratory"' in page) == (status == "judged")
    assert "exploratory: its margin changed since it was registered" in page
