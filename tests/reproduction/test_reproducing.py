"""What a reproduction does from end to end, of models whose causes have nothing to be tried on."""

import json

from ctlab.reproduction.asked_for import AskedFor
from ctlab.reproduction.reproducing import reproduce
from tests.fakes import FakeLog
from tests.models.checkpoints.making_checkpoints import QUESTIONS
from tests.models.families.making_adalr import SETTINGS, write_adalr

NOT_SAID = ("base", "device", "dtype", "padding", "batch_tokens", "allow_pickle")


def test_a_stop_head_is_held_against_answers_and_nothing_is_tried(tmp_path):
    folder = write_adalr(tmp_path / "model")
    (folder / "ctlab.json").write_text(json.dumps(SETTINGS))
    expected = tmp_path / "expected.json"
    expected.write_text(json.dumps({"questions": list(QUESTIONS), "tokens": [[1, 2, 3]] * len(QUESTIONS)}))
    for stop_head in (True, False):
        log = FakeLog()
        options = {**dict.fromkeys(NOT_SAID), "max_new_tokens": 4, "store": str(tmp_path / "store")}
        asked = AskedFor(
            model=str(folder), expected=expected, settings={"stop_head": stop_head}, diagnose=True, options=options
        )
        result = reproduce(asked, log)
        assert result.right < result.n
        assert result.diagnosis is None
        assert any(line.startswith("nothing else is tried: variants are told apart") for line in log.lines)
