"""The documentation names every option, quotes real files, and its example suite runs."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.commands.main import COMMANDS
from ctlab.interventions import Condition
from ctlab.interventions.layer_place import POSITIONS
from ctlab.interventions.patches import PATCH_KINDS
from ctlab.plugin.options import OPTIONS
from ctlab.reporting.prose import glossary
from ctlab.results import FORMATS
from ctlab.results.result_format import ROLES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_options_page_names_every_option(option):
    page = (ROOT / "docs" / "options.md").read_text(encoding="utf-8")
    if option.where != "ini":
        assert f"`--ctlab-{option.name}" in page
    if option.where != "command line":
        assert f"`ctlab_{option.name.replace('-', '_')}`" in page


def test_options_page_names_no_option_that_is_none():
    page = (ROOT / "docs" / "options.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| *(?:`--ctlab-([\w-]+)[^|]*)?\| *(?:`ctlab_(\w+)`)? *\|", page, flags=re.MULTILINE)
    typed, ini = ({name for name in names if name} for names in zip(*rows, strict=True))
    assert typed == {option.name for option in OPTIONS if option.where != "ini"}
    assert ini == {option.name.replace("-", "_") for option in OPTIONS if option.where != "command line"}
    named = set(re.findall(r"--ctlab-([a-z-]+)", page))
    assert named == typed


def test_commands_page_has_a_row_for_each_command():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `ctlab (\w+)", page, flags=re.MULTILINE) == [command.name for command in COMMANDS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_exist(page):
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:docs|ctlab|benchmarks|hypotheses|fixtures|tests)/[\w./-]+)`", text))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_no_marks_of_a_merge_are_left(page):
    assert re.findall(r"^(?:<{7}|>{7}) .*", page.read_text(encoding="utf-8"), re.MULTILINE) == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_results_page_has_a_row_for_each_format_in_the_order_in_which_they_are_asked():
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    rows = page.partition("## Formats")[2].partition("## Options")[0]
    assert re.findall(r"^\| `([\w-]+)` \|", rows, flags=re.MULTILINE) == [known.name for known in FORMATS]
    assert all(f"`{role}=`" in page for role in ROLES)


def conditions_shown(page):
    """Names of the conditions that a page shows, each read and written as it is shown."""
    decoder, read = json.JSONDecoder(), []
    for block in re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL):
        rest = block.strip()
        while rest:
            form, end = decoder.raw_decode(rest)
            assert Condition.from_json(form).to_json() == form
            read.append(form["name"])
            rest = rest[end:].strip()
    return read


def test_conditions_page_shows_conditions_that_can_be_read():
    page = (ROOT / "docs" / "conditions.md").read_text(encoding="utf-8")
    read = conditions_shown(page)
    matched = ["ct1_matched", "ct1_matched_same"]
    early = ["after_2", "after_2_ct0_hidden"]
    assert read == ["ct0_blocked", "ct0_resampled", "ct0_blocked_ct2_given_back", *matched, *early]
    edits = (ROOT / "docs" / "edits.md").read_text(encoding="utf-8")
    assert all(f"| `{way}` |" in page or f"| `{way}` |" in edits for way in PATCH_KINDS)
    assert all(f"`{way}`" in page for way in PATCH_KINDS)


def test_edits_page_shows_conditions_that_can_be_read():
    page = (ROOT / "docs" / "edits.md").read_text(encoding="utf-8")
    shown = [json.loads(line) for line in re.findall(r"^\{.*\}$", page, flags=re.MULTILINE) if '"name"' in line]
    assert [form["name"] for form in shown] == ["steered", "components_kept", "longer", "turned"]
    assert all(Condition.from_json(form).to_json() == form for form in shown)


def test_layer_patches_page_shows_conditions_that_can_be_read_and_every_way_that_works_there():
    page = (ROOT / "docs" / "layer_patches.md").read_text(encoding="utf-8")
    assert conditions_shown(page) == ["ct1_residual_0_matched", "ct1_values_zeroed"]
    assert all(f'`"{position}"`' in page for position in POSITIONS)
    assert all(f"`{way}`" in page for way, kind in PATCH_KINDS.items() if kind.works_at_a_layer)


def test_readme_shows_the_example_suite_as_it_is():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs" / "example").rglob("*.*")):
        if path.suffix in (".py", ".ini"):
            assert path.read_text(encoding="utf-8").strip() in readme, f"README.md does not show {path.name} as it is"


@pytest.mark.slow
def test_example_suite_judges_its_claim(pytester):
    shutil.copytree(ROOT / "docs" / "example", pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__*"))
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--ctlab-limit", "120")
    found.stdout.fnmatch_lines(["*test_my_paper.py*", "*ct1-matters-more-than-ct5*"])
    assert "INTERNALERROR" not in found.stdout.str()
    assert (pytester.path / "reports" / "latest" / "index.html").exists()


@pytest.mark.slow
def test_lab_page_judges_the_example_s_claim_without_pytest(tmp_path, monkeypatch, capsys):
    page = (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(from pathlib.*?)```", page, re.DOTALL)
    shutil.copytree(ROOT / "docs" / "example", tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__*"))
    monkeypatch.chdir(tmp_path)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("SUPPORTED +20.0 points (90 % interval +14.6 to +26.7, n = 120)")
    assert "ctlab: generated 360 answers in" in done.stderr


def test_readme_from_python_runs(capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(import ctlab\n.*?)```", readme, re.DOTALL)
    exec(compile(code.replace("limited(200)", "limited(20)"), "README.md", "exec"), {})
    assert "True" in capsys.readouterr().out


@pytest.mark.slow
def test_six_claims_of_six_kinds_are_judged(pytester):
    shutil.copytree(ROOT / "docs" / "example_six", pytester.path, dirs_exist_ok=True)
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    report = json.loads((pytester.path / "reports" / "latest" / "report.json").read_text(encoding="utf-8"))
    assert len({row["kind"] for row in report["claims"]}) == 6
    judged = {row["id"]: row["verdict"] for row in report["claims"]}
    assert set(judged.values()) <= {"SUPPORTED", "REFUTED", "INCONCLUSIVE"}, found.stdout.str()
    assert judged["lowers"] == judged["more-than-ct5"] == "SUPPORTED"
    assert [row["nodeid"].split("::")[1] for row in report["claims"]] == [f"test_six[{name}]" for name in judged]


def test_six_claims_of_six_kinds_take_sixty_lines():
    files = [path for path in (ROOT / "docs" / "example_six").iterdir() if path.suffix in (".py", ".ini")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) <= 60
    page = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```python\n(@pytest.mark.claim\(SIX\).*?)```", page, re.DOTALL)
    assert shown in (ROOT / "docs" / "example_six" / "test_six.py").read_text(encoding="utf-8")


SITE = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_site_leads_to_every_page_and_to_no_other():
    shown = re.findall(r"^ +- (?:[^:\n]+: )?([\w/-]+\.md)$", SITE, re.MULTILINE)
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    apart = {page for page in pages if page.startswith(("example/", "example_six/"))}
    assert sorted(shown) == sorted(pages - apart)


def test_the_page_of_words_is_what_the_source_says():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert page == glossary.page(), "python -m ctlab.reporting.prose.glossary > docs/glossary.md"


def test_readme_is_short_and_its_picture_small():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 200
    assert (ROOT / "docs" / "images" / "report.png").stat().st_size < 250_000


@pytest.mark.slow
def test_the_site_is_whole_and_fetches_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for page in tmp_path.rglob("*.html"):
        loaded = r"<(?:script|img|iframe)[^>]* src=\"https?:|<link[^>]* href=\"https?:|@import url\(['\"]?https?:"
        assert re.findall(loaded, page.read_text(encoding="utf-8")) == [], page.name
