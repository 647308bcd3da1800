"""The measurements of speed, held on models of a few thousand weights: that they run and count right, not how fast."""

import json
import subprocess
import sys
import time

import pytest
import torch

from benchmarks import gpu, speed, speed_bfloat16, speed_calm, speed_scores, speed_sweep
from benchmarks.gpu import agreeing
from benchmarks.speed_compare import compare_b
from benchmarks.speed_gpu import measure_c
from benchmarks.speed_models import random_codi, size, unread_by_questions
from benchmarks.speed_work import How, flops, many_problems
from ctlab.engine.plan import layout_of
from ctlab.models import load_model
from ctlab.problems import load_problems

LLAMA = {
    "model_type": "llama",
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 512,
    "vocab_size": 400,
    "tie_word_embeddings": True,
}
GPT2 = {"model_type": "gpt2", "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 512, "vocab_size": 400}
HOW = How(repeat=1, loop=2, threads=1, clock="cpu", most=0)


@pytest.mark.filterwarnings(
    "ignore:.*is_gradient_checkpointing.*:FutureWarning"
)  # peft calls what transformers renames
def test_the_gpu_measurement_runs_on_a_small_model_without_a_gpu():
    rows = measure_c(HOW, LLAMA, "cpu", ("bfloat16", "float32"), count=5, many=4)
    for dtype, part in {"bfloat16": rows[:3], "float32": rows[3:]}.items():
        three, many, other = part
        assert [three["who"], three["conditions"], many["conditions"]] == [f"ctlab {dtype}", 3, 4]
        assert three["seconds"] > 0
        assert three["tflop"] > 0
        assert many["seconds"] > 0
        assert other["answers"] == 15


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_without_a_gpu_the_measurement_says_so():
    (row,) = measure_c(HOW)
    assert "no GPU here" in row["note"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
@pytest.mark.parametrize("asked", [[], ["agreement"]])
def test_without_a_gpu_each_step_says_what_it_needs(asked, monkeypatch, capsys):
    for step in gpu.STEPS:
        monkeypatch.setitem(gpu.STEPS, step, lambda _: pytest.fail("it was run"))
    monkeypatch.setattr(gpu.subprocess, "run", lambda *_, **__: pytest.fail("it was run"))
    gpu.main(asked)
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == (asked or list(gpu.STEPS))
    assert all("needs a GPU that torch" in line and line.endswith("finds none here; not run") for line in said)


@pytest.mark.slow
def test_rivals_answer_alike_and_everyone_is_timed():
    *rows, padding = compare_b(HOW, GPT2, count=6)
    timed = {row["who"]: row for row in rows if "note" not in row}
    assert [who for who in timed if who != "nnsight"] == ["loop", "batched", "hooks", "hooks-shared", "ctlab"]
    assert all(row["seconds"] > 0 for row in timed.values())
    assert timed["ctlab"]["times_ctlab"] == 1
    assert 0 <= padding["in_attention"] <= padding["file_order"] < 1


@pytest.mark.parametrize("form", [LLAMA, GPT2])
def test_needed_operations_are_counted_as_the_network_is_called(form, tmp_path):
    problems = list(load_problems("tiny"))[:3]
    pair = random_codi(form, tmp_path, [problem.question for problem in problems])
    weights = size(pair.model.network)
    tokens = sum(map(len, pair.encode([problem.question for problem in problems])))
    # Begin and CT0 are one row a problem; CT1 to CT4 two, CT5, end and 8 answer tokens, of which 7 are fed, three.
    assert layout_of(pair.model).tail == 8
    rows = 3 * (1 + 1 + 4 * 2 + 3 + 3 + 7 * 3)
    products = 2 * weights * rows + 2 * (weights - unread_by_questions(pair.model.network)) * tokens
    head = 2 * pair.model.network.config.vocab_size * 32 * 8 * 3 * 3
    assert products + head < flops(pair, problems, 8) < 1.5 * (products + head)


@pytest.mark.parametrize("form", [LLAMA, GPT2])
def test_what_questions_do_not_need_is_the_last_layer_but_keys_and_values(form, tmp_path):
    pair = random_codi(form, tmp_path, ["one and one"])
    network = pair.model.network
    shape = {"q": 32 * 32, "kv": 2 * 16 * 32, "o": 32 * 32, "mlp": 3 * 32 * 64, "norms": 2 * 32}
    if form is GPT2:
        shape = {"q": 32 * 33, "kv": 64 * 33, "o": 32 * 33, "mlp": 33 * 128 + 129 * 32, "norms": 4 * 32}
    left_out = sum(shape.values()) - shape["kv"]
    assert unread_by_questions(network) == left_out


def test_many_problems_are_all_different_and_as_long_as_the_embedded_ones():
    found = many_problems(3000)
    assert len({problem.id for problem in found}) == 3000
    shipped = load_problems("tiny")
    assert all(len(each.question) == len(shipped[n % len(shipped)].question) + 3 for n, each in enumerate(found))


def test_a_part_prints_its_table_and_is_kept(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(speed.PARTS, "b", lambda how: [{"who": "loop", "seconds": 1.23456}, {"who": "ctlab"}])
    monkeypatch.setattr("sys.argv", ["speed", "b", "--json", str(tmp_path / "found.json"), "--threads", "1"])
    speed.main()
    printed = capsys.readouterr().out
    assert "matmul_gflops=" in printed
    assert "1.23" in printed
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["parts"] == {"b": [{"who": "loop", "seconds": 1.23456}, {"who": "ctlab"}]}


def test_an_unknown_part_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["speed", "z"])
    with pytest.raises(SystemExit):
        speed.main()
    assert "unknown part 'z'; parts are a, b, c" in capsys.readouterr().err


@pytest.mark.skipif(not speed_calm._STAT.exists(), reason="this system does not tell what others do")
def test_others_are_seen_and_not_waited_for_longer_than_said():
    others = speed_calm.Others()
    own = time.process_time()
    while time.process_time() - own < 0.3:
        pass
    mine_alone = others.cores()
    assert mine_alone is not None
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        others = speed_calm.Others()
        start = time.perf_counter()
        speed_calm.wait_for_calm(1.2)
        assert 1.0 < time.perf_counter() - start < 4
        assert others.cores() > 0.2
    finally:
        busy.kill()
        busy.wait()


def test_the_cost_of_scoring_is_counted_against_generating_alone():
    model, problems = load_model("tiny-graphs-coconut"), load_problems("tiny-graphs").problems[:3]
    rows = speed_scores.measure(model, problems, speed_scores.CONDITIONS[:2], 3, 1, counts=(2, 5))
    assert [(row["conditions"], row["answers"], row["tokens"]) for row in rows] == [(2, 0, 0), (2, 2, 3), (2, 5, 3)]
    assert rows[0]["times"] == 1.0
    assert len(speed_scores.table(rows).splitlines()) == 4
    given = speed_scores.made_up(model, problems, 5, 3)
    assert {len(set(texts)) for texts in given.values()} == {5}


def test_a_type_is_held_against_float32_on_the_cpu_and_against_other_batches():
    exact, rounded = agreeing("cpu", ("float32", "bfloat16"), count=24, sizes=(300,), every=20)
    assert exact["answers"] == 24 * exact["conditions"]
    assert exact["tokens_differ"] == exact["differ_in_batches_of_300"] == 0
    assert rounded["tokens_differ"] > 0  # the eight bits of bfloat16 are seen


@pytest.mark.slow
def test_a_sweep_is_timed_beside_its_cells_one_at_a_time():
    lines = speed_sweep.compared(6, 2)
    assert lines[0].startswith("72 cells × 6 problems")
    assert lines[-1] == "answers right in one way alone: 0"
    assert float(lines[3].split()[1]) > 1


def test_answers_of_two_types_are_counted_problem_by_problem(monkeypatch):
    model, problems = load_model("tiny"), list(load_problems("tiny"))[:6]
    conditions = speed_bfloat16.suites()[:2]
    same, *each = speed_bfloat16.agree(model, problems, conditions)
    assert [row["answers"] for row in (same, *each)] == [12, 6, 6]
    assert {row["same_label"] for row in each} <= {0.0, 0.5, 1 / 3, 2 / 3, 1 / 6, 5 / 6, 1.0}
    monkeypatch.setattr(speed_bfloat16, "TYPES", ("float32", "float32"))
    same, *each = speed_bfloat16.agree(model, problems, conditions)
    assert {row["same_tokens"] for row in (same, *each)} == {1.0}
    monkeypatch.setattr(speed_bfloat16, "TYPES", ("float32", "float64"))
    ticks = iter(range(1000))
    rows = speed_bfloat16.speed("model", model, problems, 2, clock=lambda: float(next(ticks)))
    assert [(row["what"], row["float32"], row["times"]) for row in rows] == [("prefill", 1, 1), ("answers", 1, 1)]
