"""Vocabulary not resized: the markers' ids are those of ordinary words, because no row was added for them."""

from ctlab.reproduction.case import Case, Cause, Finding, Looked
from ctlab.reproduction.changed_model import rows_of


def _look(case: Case) -> Looked:
    model, tokenizer = case.model, case.model.tokenizer
    known = {model.eos_token_id, *tokenizer.all_special_ids, *tokenizer.added_tokens_decoder}
    markers = dict.fromkeys([*model.begin_ids, *model.end_ids])
    words = [index for index in markers if index < len(tokenizer) and index not in known]
    if not words:
        return Looked(note="every marker has a row that no word of the tokenizer uses")
    named = ", ".join(f"{index} ({tokenizer.convert_ids_to_tokens(index)!r})" for index in words)
    added = rows_of(model) - len(tokenizer)
    return Looked(
        findings=(
            Finding(
                says=f"the markers are rows of ordinary words: {named}; the embedding has {added} rows more than the "
                f"tokenizer has words",
                remedy="save the checkpoint after its embedding was resized (resize_token_embeddings), or, where the "
                'markers stand elsewhere, write their ids: "begin_ids": […], "end_ids": […]',
            ),
        )
    )


VOCABULARY_ROWS = Cause(name="vocabulary-not-resized", title="vocabulary not resized", look=_look)
