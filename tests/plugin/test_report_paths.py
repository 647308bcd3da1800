"""No file of a report says where anything lies on the machine that wrote it."""

import json
from pathlib import Path

import pytest

from tests.plugin.suite import TESTS, problems, run, write_suite

BROKEN = TESTS.replace(
    "assert claim.judge(effect) == Verdict.SUPPORTED\n\n@pytest.mark.claim(SAME)",
    'raise ValueError("cannot read " + str(baseline.problems[0].id) + " in PLACE/data.json")\n\n'
    "@pytest.mark.claim(SAME)",
)


def written(folder: Path) -> dict[str, str]:
    """Every file of a report as text; a picture as far as it is any."""
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "ignore")
        for path in folder.rglob("*")
        if path.is_file()
    }


def nowhere(report: Path, *places: Path) -> None:
    files = written((report / "latest").resolve())
    assert "report.json" in files
    said = {name: str(place) for name, text in files.items() for place in places if str(place) in text}
    assert not said


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outside")


def test_a_run_whose_files_lie_elsewhere(pytester: pytest.Pytester, elsewhere: Path) -> None:
    write_suite(pytester, tests=BROKEN.replace("PLACE", str(elsewhere)))
    file, report = elsewhere / "set one.jsonl", elsewhere / "reports"
    file.write_text(problems(120), encoding="utf-8")
    run(
        pytester,
        f"--ctlab-problems={file}",
        f"--ctlab-store={elsewhere / 'store'}",
        "--ctlab-report",
        str(report),
        str(pytester.path / "hypotheses"),
    )
    nowhere(report, elsewhere, pytester.path)
    shown = json.loads((report / "latest" / "report.json").read_text(encoding="utf-8"))
    assert shown["problems"]["name"] == "set one"
    assert "--ctlab-report …/reports hypotheses" in shown["command"]
    assert any("…/data.json" in row["reason"] for row in shown["claims"])


def test_recorded_answers_are_named_by_their_file(pytester: pytest.Pytester, elsewhere: Path) -> None:
    write_suite(pytester)
    for name, right in (("baseline", True), ("ct0_blocked", False)):
        rows = [{"question": f"What is {i} plus {i + 3}?", "answer": str(2 * i + 3 * right)} for i in range(1, 121)]
        (elsewhere / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    given = [f"--ctlab-recorded={name}={elsewhere / name}.jsonl?answer=answer" for name in ("baseline", "ct0_blocked")]
    run(pytester, *given, f"--ctlab-report={elsewhere / 'reports'}")
    nowhere(elsewhere / "reports", elsewhere, pytester.path)
    shown = json.loads((elsewhere / "reports" / "latest" / "report.json").read_text(encoding="utf-8"))
    assert {row["name"]: row["recorded"] for row in shown["conditions"] if row["recorded"]} == {
        "baseline": "baseline.jsonl",
        "ct0_blocked": "ct0_blocked.jsonl",
    }
