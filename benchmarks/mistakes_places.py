"""What a user has before the mistake: a suite, problems, answers, a model, a report; fresh copies for each case.

| placeholder  | stands for |
| --- | --- |
| `{here}`     | the scratch folder, in which the command starts; it holds the case's own files and nothing else |
| `{suite}`    | a copy of `docs/example`: one claim about `tiny`, on the first 100 problems |
| `{claims}`   | this repository's `hypotheses`, to be read only |
| `{problems}` | a JSONL file of 100 problems of `tiny`: `{"question": …, "answer": …}` |
| `{answers}`  | a JSONL file of answers to them, all right: `{"problem_index": 0, "output": "The answer is: 15"}` |
| `{others}`   | the same with every third answer wrong |
| `{model}`    | a copy of the folder of `tiny`: `model.safetensors`, `ctlab.json`, `base` |
| `{report}`   | the folder of a finished report of `{suite}` |
| `{number}`   | a script that prints the number which is read out of an answer: `python {number} 'so 3 * 6 = 18'` |

`python`, `pytest` and `ctlab` are this repository's. Where a command does not say otherwise, generations are kept in
one store for all cases, reports go to the scratch folder's `reports`, and no line of history is written.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROBLEMS = 100
"""Enough for a verdict (50), few enough that the embedded model answers within seconds."""
_TINY = ROOT / "ctlab" / "problems" / "tiny" / "test.jsonl"
_MODEL = ROOT / "ctlab" / "models" / "tiny" / "checkpoint"
_NUMBER = """import sys

import ctlab
from ctlab.problems import Number

problem = ctlab.Problem(question="What is it?", solution="", gold=Number.parse("7777"))
read = ctlab.classify(problem, sys.argv[1])
print(read.prediction, "ambiguous" if read.extraction.ambiguous else "", read.outcome.value)
"""


class Places:
    """Folders and files that commands name by placeholders, made when the first case asks for them."""

    def __init__(self, root: Path) -> None:
        self._made = root / "made"
        self._store = root / "store"

    def filled(self, command: str, here: Path) -> str:
        """Copy what a command names into its scratch folder, and put the paths in place of the names."""
        names = {"here": lambda: here, "claims": lambda: ROOT / "hypotheses"}
        copied = ("suite", "problems.jsonl", "answers.jsonl", "others.jsonl", "model", "report", "number.py")
        names |= {name.partition(".")[0]: lambda name=name: self._copied(name, here) for name in copied}
        for name, place in names.items():
            if f"{{{name}}}" in command:
                command = command.replace(f"{{{name}}}", shlex.quote(str(place())))
        return command

    def environment(self, here: Path) -> Mapping[str, str]:
        """Return the surroundings of a command that starts in a scratch folder."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CTLAB", "GITHUB"))}
        # With "=": pytest looks for the ini file before it knows our options, and takes a path apart for one of tests.
        where = shlex.join([f"--ctlab-store={self._store}", f"--ctlab-report={here / 'reports'}"])
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            "HF_HUB_OFFLINE": "1",  # what is a mistake here must not depend on what somebody else published
            "PYTEST_ADDOPTS": f"-p no:cacheprovider --color=no --ctlab-no-history {where}",
        }

    def _copied(self, name: str, here: Path) -> Path:
        source = self._made / name
        if not source.exists():
            self._made.mkdir(parents=True, exist_ok=True)
            self._make(name, source)
        copy = here / name
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy(source, copy)
        return copy

    def _make(self, name: str, path: Path) -> None:
        match name:
            case "suite":
                shutil.copytree(ROOT / "docs" / "example", path, ignore=shutil.ignore_patterns("__pycache__", ".*"))
                with (path / "pytest.ini").open("a", encoding="utf-8") as ini:
                    ini.write(f"ctlab_limit = {PROBLEMS}\n")
            case "problems.jsonl":
                path.write_text("".join(f"{json.dumps(row)}\n" for row in _rows()), encoding="utf-8")
            case "answers.jsonl" | "others.jsonl":
                path.write_text(_answers(every_third="0" if name == "others.jsonl" else None), encoding="utf-8")
            case "model":
                shutil.copytree(_MODEL, path)
            case "report":
                self._report(path)
            case "number.py":
                path.write_text(_NUMBER, encoding="utf-8")
            case _:
                raise ValueError(f"no place is called {name!r}")

    def _report(self, path: Path) -> None:
        suite = self._copied("suite", path.parent / "for_report")
        run = subprocess.run(
            ["pytest", "--ctlab-report", "reports"],
            cwd=suite,
            env=self.environment(suite),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if not (suite / "reports" / "latest" / "report.json").exists():
            raise RuntimeError(f"the suite of docs/example wrote no report:\n{run.stdout}{run.stderr}")
        shutil.copytree((suite / "reports" / "latest").resolve(), path)


def _rows() -> list[dict[str, str]]:
    lines = _TINY.read_text(encoding="utf-8").splitlines()[:PROBLEMS]
    return [json.loads(line) for line in lines]


def _answers(every_third: str | None = None) -> str:
    rows = []
    for index, row in enumerate(_rows()):
        gold = row["answer"].rpartition("#### ")[2]
        said = gold if every_third is None or index % 3 else every_third
        rows.append(json.dumps({"problem_index": index, "output": f"The answer is: {said}"}) + "\n")
    return "".join(rows)
