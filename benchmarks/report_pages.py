"""How fast a report's pages open and filter, in the browser that tests use: ``python -m benchmarks.report_pages``.

A page has opened when its second frame after loading was drawn; a filter has been applied when the frame with its
result was drawn. The page of answers has 1,319 problems × 40 conditions: GSM8K's test split under as many conditions as
a full run has. The page of claims is made as long as asked for by repeating the claims and conditions of a report.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ctlab.reporting.html.answers_view import answers_html
from ctlab.reporting.html.page import html
from ctlab.reporting.model import read
from ctlab.reporting.model.problem_answers import AllAnswers
from ctlab.reporting.report_files import read_json
from ctlab.reporting.schema import REPORT, complete
from tests.reporting.html.browser import Browser, missing

PROBLEMS, CONDITIONS = 1319, 40
ROUNDS = 5
FILTERS = (
    {"change": "broken"},
    {"outcome": "CALC_ERROR"},
    {"stratum": "n_operations 1"},
    {"text": "the"},
    {"text": "-5"},
)
DRAWN = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))"
"""Calls ``done`` after the frame that shows what was changed before."""


def many_answers() -> dict[str, Any]:
    """Return the content of answers.json with five different answers a problem, each under eight conditions."""
    labels = ("CORRECT", "CALC_ERROR", "NONE", "UNEXPLAINED", "OPERATION_REVERSAL")
    solution = "Ann has <<3+4=7>>7 pears, and half of them are <<7/2=3.5>>3.5 pears. " * 4
    answers = [
        {
            "outcome": label,
            "prediction": str(place - 5),
            "text": f"The answer is: {place - 5}",
            "explanations": [{"outcome": label, "detail": "16+3 instead of 16-3 in step 1"}],
        }
        for place, label in enumerate(labels)
    ]
    problems = [
        {
            "problem_id": f"{number:016x}",
            "question": f"Ann has {number} pears and the neighbour has 4 more than that. How many have both? " * 3,
            "solution": solution,
            "gold": "-5",
            "features": {"n_operations": 1 + number % 5, "n_tokens": 20 + number % 37},
            "answers": answers,
            "given": [(number + condition) % len(labels) for condition in range(CONDITIONS)],
        }
        for number in range(PROBLEMS)
    ]
    names = ["baseline", *(f"condition_{place}" for place in range(1, CONDITIONS))]
    return {"schema": 1, "conditions": names, "n": PROBLEMS, "problems": problems}


def long_report(content: dict[str, Any], times: int) -> dict[str, Any]:
    """Repeat the claims and conditions of a report under other names."""
    claims = [{**row, "id": f"{row['id']}-{k}"} for k in range(times) for row in content["claims"]]
    conditions = [
        {**row, "name": f"{row['name']}_{k}" if k else row["name"]}
        for k in range(times)
        for row in content["conditions"]
    ]
    return {**content, "claims": claims, "conditions": conditions}


def opened(page: Path) -> float:
    """Return the seconds until a page is drawn, in a new browser."""
    with Browser() as window:
        window.size(1280)
        began = time.monotonic()
        window.open(page)
        window.run(f"return new Promise(done => {DRAWN})")
        return time.monotonic() - began


def filtered(page: Path) -> dict[str, float]:
    """Return the milliseconds that each filter takes until its result is drawn; the longest of several rounds."""
    took: dict[str, float] = {}
    with Browser() as window:
        window.size(1280)
        window.open(page)
        for _ in range(ROUNDS):
            for choice in FILTERS:
                ((name, value),) = choice.items()
                milliseconds = window.run(_script(name, value))
                took[f"{name} {value}"] = max(took.get(f"{name} {value}", 0.0), milliseconds)
                window.run(_script(name, ""))
    return took


def _script(name: str, value: str) -> str:
    return (
        f"const field = document.querySelector('[name={name}]');"
        "const began = performance.now();"
        f"field.value = {json.dumps(value)}; field.dispatchEvent(new Event('input'));"
        "document.body.getBoundingClientRect();"
        f"return new Promise(resolve => {{ const done = () => resolve(performance.now() - began); {DRAWN}; }});"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.report_pages", description="How fast a report's pages open."
    )
    parser.add_argument("report", type=Path, nargs="?", help="folder of a report, whose page is made longer and opened")
    parser.add_argument("--times", type=int, default=7, help="how often its claims are repeated (default: %(default)s)")
    chosen = parser.parse_args(arguments)
    if why := missing():
        print(f"nothing can be measured: {why}")
        return 4
    with tempfile.TemporaryDirectory() as folder:
        answers, long = Path(folder) / "answers.html", Path(folder) / "index.html"
        content = read_json(chosen.report / REPORT) if chosen.report else None
        empty = {"model": {}, "problems": {}, "alpha": 0.05, "conditions": [], "claims": []}
        answers.write_text(answers_html(read(AllAnswers, many_answers(), "answers.json"), complete(content or empty)))
        pages = [answers]
        if isinstance(content, dict):
            long.write_text(html(complete(long_report(content, chosen.times))), encoding="utf-8")
            pages.append(long)
        for page in pages:
            seconds = statistics.median(opened(page) for _ in range(3))
            print(f"{page.name} of {page.stat().st_size / 1e6:.1f} MB opens in {seconds:.2f} s")
        print(f"{PROBLEMS:,} problems × {CONDITIONS} conditions, longest of {ROUNDS}:")
        for name, milliseconds in filtered(answers).items():
            print(f"  {name:<24} {milliseconds:5.0f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
