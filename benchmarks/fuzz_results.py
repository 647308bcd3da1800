"""Result files of every format, small ones, with values changed and bytes flipped: each is read, or one sentence."""

import csv
import io
import json
import math
import random
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.fuzz_forms import changed, damaged
from ctlab.outcomes.agreement import agreement
from ctlab.results import FORMATS, read_results

Form = Any
_TABLE = [{"id": at, "question": f"How many {at}?", "prediction": f"so {at}", "gold": str(at)} for at in range(3)]
_LM_EVAL = [
    {"doc_id": at, "doc": {"question": f"How many {at}?"}, "target": f"#### {at}", "filter": each, "metrics": ["em"]}
    | {"resps": [[f"so {at}"]], "filtered_resps": [str(at)], "em": 1.0, "arguments": {"gen_args_0": {"arg_0": "Q"}}}
    for at in range(2)
    for each in ("strict", "loose")
]
_EVER = [
    {"evaluation_name": "gsm8k/strict", "sample_id": str(at), "evaluation": {"score": 1.0, "is_correct": True}}
    | {"input": {"raw": "How many?", "reference": ["18"]}, "output": {"raw": ["18"]}, "metadata": {"filter": "x"}}
    for at in range(2)
]
_SAMPLE = {
    **{"id": 1, "epoch": 1, "input": "How many?", "target": "18", "output": {"completion": "18"}},
    **{"scores": {"match": {"value": "C"}}, "metadata": {"level": 1}, "attachments": {"x": "y"}, "error": None},
}
_LOG = {"version": 2, "status": "success", "eval": {"model": "m", "dataset": {"samples": 1}}, "samples": [_SAMPLE]}
_HELM = {
    "adapter_spec": {"model": "m"},
    "request_states": [
        {
            "instance": {"id": "id1", "input": {"text": "How many?"}, "references": [{"output": {"text": "18"}}]},
            "result": {"success": True, "completions": [{"text": "18"}]},
            "train_trial_index": 0,
        }
    ],
}
_CODI = "".join(
    f"Question {at} Starts...\nQ: How many?\nThe answer is: {at}\nQuestion {at} Ends\n"
    f"Prediction={at}.0; Groundtruth={at}.0\n\n"
    for at in range(3)
)
_DETAILS = [{"question": "How many?", "gold_answer": 18, "pred_answer": 18, "correct": True}]
_SPLIT = {"columns": ["id", "pred"], "data": [[0, "1"], [1, "2"]]}

DOCUMENTS: Mapping[str, Form] = {
    "study.json": {"model": "m", "n_problems": 1, "results_detail": _DETAILS},
    "inspect-json.json": _LOG,
    "helm.json": _HELM,
    "opencompass.json": {"0": {"prediction": "18", "gold": "18", "origin_prompt": [{"role": "HUMAN", "prompt": "Q"}]}},
    "opencompass-results.json": {"accuracy": 1.0, "details": [{"pred": "1", "answer": "1", "correct": True}]},
    "predictions.json": {"model": "m", "predictions": [{"sample_idx": 0, "predicted": "a", "correct": True}]},
    "correctness.json": {"set": [1, 0, 1]},
    "wandb.json": _SPLIT,
    "json.json": _TABLE,
}
"""A document of each format that is one JSON value; the name says the format."""
LINES: Mapping[str, list[Form]] = {
    "ctlab.jsonl": [{"problem_index": at, "output": "so 18", "is_correct": True} for at in range(3)],
    "lm-eval.jsonl": _LM_EVAL,
    "every-eval-ever.jsonl": _EVER,
    "jsonl.jsonl": _TABLE,
}
"""Rows of each format that is lines."""


def _csv(rng: random.Random) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(_TABLE[0]))
    writer.writeheader()
    writer.writerows(_TABLE)
    return out.getvalue().encode()


def _eval(rng: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", json.dumps(_LOG if rng.random() < 0.5 else changed(_LOG, rng)))
        archive.writestr("samples/1_epoch_1.json", json.dumps(_SAMPLE if rng.random() < 0.5 else changed(_SAMPLE, rng)))
    return out.getvalue()


def _parquet(rng: random.Random) -> bytes:
    import pyarrow
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(_TABLE), out, compression=rng.choice(("none", "snappy", "zstd")))
    return out.getvalue()


BINARIES: Mapping[str, Callable[[random.Random], bytes]] = {
    "csv.csv": _csv,
    "inspect-eval.eval": _eval,
    "parquet.parquet": _parquet,
    "codi-log.txt": lambda rng: _CODI.encode(),
}
"""What makes a file of each format that is no JSON."""


def draw_results(rng: random.Random) -> tuple[str, bytes]:
    """Draw a file's name and what it holds: right, or with values changed, and mostly with bytes flipped."""
    name = rng.choice([*DOCUMENTS, *LINES, *BINARIES])
    if name in BINARIES:
        content = BINARIES[name](rng)
    elif name in DOCUMENTS:
        form = DOCUMENTS[name]
        content = json.dumps(changed(form, rng) if rng.random() < 0.6 else form).encode("utf-8", "surrogatepass")
    else:
        rows = LINES[name]
        rows = [changed(row, rng) if rng.random() < 0.3 else row for row in rows]
        content = "\n".join(map(json.dumps, rows)).encode("utf-8", "surrogatepass")
    return name, damaged(content, rng, share=0.6)


def check_results(drawn: tuple[str, bytes], folder: Path) -> None:
    """A result file is read or refused; what is read is made of texts and numbers, and can be held to our reading."""
    name, content = drawn
    path = folder / name
    path.write_bytes(content)
    results = read_results(path)
    for row in results:
        texts = (row.name, row.problem, row.answer, row.question or "", row.failure, row.fields.canonical)
        assert all(isinstance(text, str) for text in texts), row.name
        assert row.score is None or math.isfinite(row.score), row.score
        assert row.repeat >= 0, row.repeat
    if not results.scores_only:
        agreement(results)


def known_formats() -> set[str]:
    """Formats that a file is drawn of."""
    return {name.rpartition(".")[0] for name in (*DOCUMENTS, *LINES, *BINARIES)}


assert known_formats() == {known.name for known in FORMATS}, "a format without a file to break"
