"""The tokenizer of the embedded graph models: one token a phrase.

``Every bafin`` and ``is a belor.`` are one token each, so an edge costs two positions and an answer two more.
"""

from tokenizers import Regex, Tokenizer, pre_tokenizers
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from ctlab.problems.tiny_graphs.graph_words import KINDS, PEOPLE

EOS, UNKNOWN = "<eos>", "<unk>"
_FORMS = ("Every {}", "is a {}.", "a {}", "or {}?")
"""What a kind stands in: the start and the end of a sentence, and the two candidates of the question."""
# Words that stand in none of these become the token for what is unknown, one a word.
_PHRASE = r"Every \w+|is a \w+\.|Is \w+|a \w+|or \w+\?|\w+|[^\s\w]"


def build() -> PreTrainedTokenizerFast:
    """Build the tokenizer from the words; the same words give the same ids."""
    phrases = [EOS, UNKNOWN, *PEOPLE, *(f"Is {name}" for name in PEOPLE)]
    phrases += [form.format(kind) for form in _FORMS for kind in KINDS]
    tokenizer = Tokenizer(WordLevel({phrase: index for index, phrase in enumerate(phrases)}, unk_token=UNKNOWN))
    # Behaviour and inversion together keep the phrases and drop what is between them.
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_PHRASE), behavior="removed", invert=True)
    # transformers leaves this constructor without types.
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, eos_token=EOS, unk_token=UNKNOWN
    )
