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
    assert progressed(False, 1.0) == ["generating 3 conditions", "generated 400 answers in 4 s"]
    assert "200 of 400 answers (50%), about 20 s left" in progressed(False, 10.0)


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0.4 s"), (99, "99 s"), (600, "10 min"), (9000, "2.5 h")])
def test_durations(seconds, words):
    assert duration(seconds) == words
