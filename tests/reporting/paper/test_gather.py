"""`ctlab paper`, from a written report."""

import json
import re
import shutil

import pytest

from ctlab.commands.main import main
from ctlab.reporting import write_report
from ctlab.reporting.figures.picture import Table
from ctlab.reporting.figures.pictures import drawings
from ctlab.reporting.paper import latex_text as latex
from ctlab.reporting.paper.figure_forms import forms, table_bytes
from ctlab.reporting.paper.gather import gather
from ctlab.reporting.paper.methods import methods
from ctlab.reporting.schema import complete
from tests.reporting.fake_cells import needed_claim
from tests.reporting.fake_report import fake_report

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)*|(?<![\w.])\.\d+")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A report with one figure, so that this stays quick."""
    folder = tmp_path_factory.mktemp("run")
    form = fake_report(conditions=1) | {"claims": [needed_claim()], "problem_sensitivity": {}, "outcomes": {}}
    form["claims"][0]["statement"] = r"\input{/etc/passwd} & 50 % of_all #1"
    form["claims"][0]["id"] = r"thoughts_{needed}&\50%"
    form["model"]["id"] = "ti\n\nny"
    write_report(form, folder)
    return folder


def test_the_figures_tables_and_methods_of_a_run_lie_in_one_folder(run, tmp_path, capsys):
    assert main(["paper", str(run / "report.json"), "--out", str(tmp_path / "out")]) == 0
    names = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    forms = {
        f"figures/01-thoughts_needed-{width}.{form}" for width in ("column", "text") for form in ("pdf", "svg", "png")
    }
    texts = {"paper.tex", "paper.md", "claims.tex", "methods.tex", "figures/01-thoughts_needed.csv"}
    assert forms | texts <= names
    tex = (tmp_path / "out" / "paper.tex").read_text("utf-8")
    assert tex.isascii()
    markdown = (tmp_path / "out" / "paper.md").read_text("utf-8")
    assert "We studied ti ny" in tex
    assert "We studied ti ny" in markdown
    assert r"thoughts\_\{needed\}\&\textbackslash{}50\%" in tex
    assert r"\toprule" in tex
    assert tex.count(r"\begin{figure}") == tex.count(r"\end{figure}") == sum("-text.pdf" in name for name in names)
    said = capsys.readouterr()
    assert "paper.tex" in said.out
    assert said.err == "ctlab: drawing Figure 1: Where is each thought needed?\n"


def test_every_number_of_the_methods_stands_in_the_report():
    form = fake_report(conditions=3)
    form["decoding"] = {"max_new_tokens": 64, "dtype": "float32"}
    said = methods(complete(form))
    held = [form["problems"]["n"], form["alpha"], len(form["conditions"]), len(form["claims"]), 64]
    held += [form["model"].get(name) for name in ("num_thoughts", "num_layers", "num_heads")]
    held += [value for row in form["families"] for value in (row["claims"], row["alpha"])]
    held.append(sum(claim["status"] == "judged" for claim in form["claims"]))
    versions = " ".join(str(value) for value in (form["ctlab"], *form["environment"].values()))
    form["environment"]["platform"] = "Linux-6.1-of-this-machine"
    assert "Linux" not in methods(complete(form))
    found = NUMBER.findall(re.sub(r"digest \w+", "", said))
    assert len(found) > 10
    for number in found:
        value = float(number.replace(",", "")) if number.count(".") < 2 else None
        assert value in held or number in versions, number
    assert [value for value in form["environment"].values() if isinstance(value, str)]


def test_the_same_numbers_give_the_same_bytes():
    report = complete(fake_report(conditions=1) | {"claims": [needed_claim(2, 2)]})
    _, drawing = next(drawings(report, ()))
    assert forms(drawing, "a") == forms(drawing, "a")


def test_a_cell_is_no_formula_and_no_line_break():
    table = Table(heads=("name", "value"), rows=(('=cmd|"x"', None), ("-1\nb", -1.5), ("a,b", 2)))
    assert table_bytes(table).decode() == 'name,value\n"\'=cmd|""x""",\n\'-1[U+000A]b,-1.5\n"a,b",2\n'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50 % & $x_1$", r"50 \% \& \$x\_1\$"),
        ("−3 ±2", r"\ensuremath{-}3 \ensuremath{\pm}2"),
        ("中\x1b", "[U+4E2D][U+001B]"),
        ("Müller, e\u0301té, ß, Łódź", "Müller, été, ß, Łódź"),
        ("two\r\n\nlines", "two lines"),
    ],
)
def test_nobody_s_words_become_a_command(text, written):
    assert latex.escaped(text) == written


def test_bad_input_is_one_sentence(tmp_path, run, capsys):
    (tmp_path / "report.json").write_text("{", encoding="utf-8")
    for place, said in (
        (tmp_path / "no", "does not exist"),
        (tmp_path, "is not JSON"),
        (run / "index.html", "is no report"),
    ):
        assert main(["paper", str(place), "--out", str(tmp_path / "out")]) == 4
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_is_refused_once_and_with_its_cause(tmp_path, run, capsys):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for out, said in (
        (tmp_path / "file", f"{tmp_path / 'file'} is a file"),
        (tmp_path / "file" / "below", f"{tmp_path / 'file'} is a file"),
        ("/dev/null", "/dev/null is a file"),
        ("/proc/nope", "/proc/nope cannot be made"),
    ):
        assert main(["paper", str(run), "--out", str(out)]) == 4
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    with pytest.raises(SystemExit) as empty:
        main(["paper", str(run), "--out", ""])
    assert empty.value.code == 4
    assert "a folder is needed" in capsys.readouterr().err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_the_document_compiles(run, tmp_path):
    import subprocess

    gather(run, tmp_path)
    subprocess.run(["pdflatex", "-halt-on-error", "paper.tex"], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert json.loads((run / "report.json").read_text("utf-8"))
