"""A picture is drawn once: until its numbers, its module or the way of saving changes."""

from functools import partial

import matplotlib.pyplot
import pytest

from ctlab.reporting.figures import png
from ctlab.reporting.model.record import Record


class Numbers(Record):
    number: int


@pytest.fixture
def sources(monkeypatch):
    """Digests of source by module, to be changed."""
    digests = {}
    monkeypatch.setattr(png, "source_digest", lambda *modules: repr([digests.get(module, "") for module in modules]))
    return digests


def test_a_picture_is_drawn_again_when_its_module_or_its_numbers_change(tmp_path, sources):
    drawn = []

    def draw(shown, width):
        drawn.append(shown.number)
        return matplotlib.pyplot.figure(figsize=(1, 1))

    def save(number, folder=tmp_path):
        shown = Numbers(number=number)
        return png.save(folder / "a.png", shown, partial(draw, shown), earlier=[tmp_path]).read_bytes()

    first = save(1)
    assert save(1) == save(1, tmp_path / "later") == first
    assert drawn == [1]
    sources[__name__] = "changed"
    assert save(1) != first
    sources[png.__name__] = "changed"
    save(1)
    save(2)
    assert drawn == [1, 1, 1, 2]
    matplotlib.pyplot.close("all")


def test_a_damaged_picture_is_said_and_drawn_again_wherever_it_is_hurt(tmp_path, sources):
    shown, said = Numbers(number=1), []

    def draw(width):
        return matplotlib.pyplot.figure(figsize=(0.2, 0.2))

    drawn = png.save(tmp_path / "a.png", shown, partial(draw))
    good = drawn.read_bytes()
    assert png.whole(good)
    for place in range(0, len(good), 7):
        hurt = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
        assert not png.whole(hurt)
    (tmp_path / "earlier").mkdir()
    (tmp_path / "earlier" / "a.png").write_bytes(good[:-30] + bytes([good[-30] ^ 1]) + good[-29:])
    later = png.save(tmp_path / "b" / "a.png", shown, partial(draw), earlier=[tmp_path / "earlier"], say=said.append)
    assert later.read_bytes() == good
    assert "is damaged" in said[0]
    matplotlib.pyplot.close("all")
