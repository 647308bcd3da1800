import pytest

from ctlab.lab.progress import Progress, duration
from tests.fakes import FakeLog


def progressed(live, step):
    """Four batches of 100 answers, a number of seconds apart."""
    now = [0.0]
    log = FakeLog()
    log.live = live
    progress = Progress(400, "3 conditions", log, clock=lambda: now[0])
    for _ in range(4):
        now[0] += step
        progress.advance(100)
    progress.finish()
    return log.lines


def test_on_a_terminal_one_line_is_rewritten():
    assert progressed(True, 1.0) == [
        "generating 3 conditions",
        "\r100 of 400 answers (25%), about 3 s left",
        "\r200 of 400 answers (50%), about 2 s left",
        "\r300 of 400 answers (75%), about 1 s left",
        "\r400 of 400 answers (100%), about 0 s left",
        "\rgenerated 400 answers in 4 s\n",
    ]


def test_elsewhere_lines_are_few():
    assert progressed(False, 0.4) == ["generating 3 conditions", "generated 400 answers in 2 s"]
    half = "200 of 400 answers (50%), about 2 s left"
    assert progressed(False, 1.0) == ["generating 3 conditions", half, "generated 400 answers in 4 s"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, []),
        (1.0, ["reading 3 conditions", "200 of 400 answers (50%), about 2 s left", "read 400 answers in 4 s"]),
    ],
)
def test_a_patient_one_says_nothing_of_what_is_over_at_once(seconds, said):
    now, log = [0.0], FakeLog()
    progress = Progress(400, "3 conditions", log, clock=lambda: now[0], verb="read", patient=True)
    for _ in range(4):
        now[0] += seconds
        progress.advance(100)
    progress.finish()
    assert log.lines == said


def test_elsewhere_an_hour_leaves_about_a_hundred_lines_and_starts_with_one_every_other_second():
    now, log = [0.0], FakeLog()
    progress = Progress(36_000, "3 conditions", log, clock=lambda: now[0])
    counts = []
    for _ in range(36_000):
        now[0] += 0.1
        progress.advance(1)
        counts.append(len(log.lines))
    assert counts[99] in (5, 6)  # of 10 seconds
    assert 100 < counts[-1] < 120


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0.4 s"), (99, "99 s"), (600, "10 min"), (9000, "2.5 h")])
def test_durations(seconds, words):
    assert duration(seconds) == words
