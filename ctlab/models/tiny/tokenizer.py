"""The embedded model's tokenizer: one token a word, one token an integer, one token for ``The answer is:``."""

import re

from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from ctlab.problems.tiny import templates
from ctlab.problems.tiny.stories import LARGEST

EOS, UNKNOWN = "<eos>", "<unk>"
MARKER = "The answer is:"
"""The answer marker of the published CODI models; here it is a single token."""
# A fraction is one word: "1/3" is never calculated with in digits, its template says what it divides by.
_WORD = r"\d+/\d+|\d+|[a-z]+|[^\sa-z\d]"


def _template_words() -> list[str]:
    banks = (
        *(step.text for bank in (templates.CHANGES, templates.COMPARISONS) for step in bank),
        *templates.PRODUCT_STARTS + templates.SHARE_STARTS + templates.STARTS + templates.MERGES,
        *templates.TOTALS + templates.DIFFERENCES + templates.QUESTIONS + templates.DISTRACTORS,
        *templates.NAMES + templates.GROUPS + templates.OBJECTS,
    )
    text = " ".join(re.sub(r"\{\w+\}", " ", bank) for bank in banks).lower()
    return sorted({word for word in re.findall(_WORD, text) if not word.isdigit()})


def build() -> PreTrainedTokenizerFast:
    """Build the tokenizer from the templates; the same templates give the same ids."""
    words = [EOS, UNKNOWN, "+", "-", "*", "/", "=", *map(str, range(LARGEST + 1)), *_template_words()]
    vocabulary = {word: index for index, word in enumerate(dict.fromkeys(words))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex(_WORD), behavior="isolated")]
    )
    # Not normalized: the marker keeps its capital letter in what the model writes.
    tokenizer.add_tokens([AddedToken(MARKER, normalized=False)])
    # transformers leaves this constructor without types.
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, eos_token=EOS, unk_token=UNKNOWN
    )
