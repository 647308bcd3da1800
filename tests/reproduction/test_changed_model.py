"""Changed models are copies: the given one stays what it was."""

import pytest
from torch import nn

from ctlab.reproduction.changed_model import with_ids, with_network, with_projection, with_settings, with_text


def test_text_and_ids_are_rewritten_and_everything_else_is_the_tokenizers(tiny):
    plain = tiny.encode("Tom has 5 apples.")
    longer = with_ids(with_text(tiny, lambda text: text + " 7"), lambda ids: [0, *ids])
    assert longer.encode("Tom has 5 apples.") == [0, *plain, *tiny.encode("7")]
    assert longer.decode([250, 22]) == tiny.decode([250, 22])
    assert tiny.encode("Tom has 5 apples.") == plain


def test_weights_of_the_given_model_are_not_touched(tiny):
    before = tiny.fingerprint()

    def emptied(network):
        for parameter in network.parameters():
            parameter.data.zero_()

    assert with_network(tiny, emptied).fingerprint() != before
    assert with_projection(tiny, nn.Identity()).projection is not tiny.projection
    assert with_settings(tiny, num_latent=3).num_thoughts == 3
    assert (tiny.fingerprint(), tiny.num_thoughts) == (before, 6)


def test_a_network_whose_head_is_tied_stays_tied(tiny):
    copied = with_network(tiny, lambda network: None).network
    assert copied.get_output_embeddings().weight is copied.get_input_embeddings().weight


@pytest.mark.parametrize("thoughts", [0, 1001])
def test_settings_that_no_model_has_are_refused(tiny, thoughts):
    with pytest.raises(ValueError, match="num_latent"):
        with_settings(tiny, num_latent=thoughts)
