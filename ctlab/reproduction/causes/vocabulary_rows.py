"""Vocabulary not resized: the markers' ids are those of ordinary words, because no row was added for them."""

from ctlab.reproduction.case import Case, Cause, Finding, Looked
from ctlab.reproduction.changed_model import frame_of, rows_of

NO_MARKERS = "no markers stand around its thoughts"


def _look(case: Case) -> Looked:
    model, tokenizer = case.model, case.model.tokenizer
    frame = frame_of(model)
    if frame is None:
        return Looked(note=NO_MARKERS)
    known = {model.eos_token_id, *tokenizer.all_special_ids, *tokenizer.added_tokens_decoder}
    # What is forced before or after them, such as an answer's first words, is made of words.
    words = [index for index in dict.fromkeys(frame) if index < len(tokenizer) and index not in known]
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
