"""From prompts to answers, one batch: the prompt once, then begin, thoughts, end and answer, all rows at once."""

from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial

import torch
from torch import Tensor

from ctlab.engine import attention
from ctlab.engine.decode_step import DecodeStep, decode_masks
from ctlab.engine.hooks import Hooks
from ctlab.engine.kv_cache import KVCache
from ctlab.engine.layer_patching import LayerPatcher
from ctlab.engine.layout import Segment
from ctlab.engine.level_factors import LevelFactors
from ctlab.engine.plan import Plan
from ctlab.engine.prefill import prefill
from ctlab.engine.prompt import PromptBatch
from ctlab.engine.shared_prefill import SharedPrefill
from ctlab.engine.thought_patching import BeforeThought, ThoughtPatcher
from ctlab.engine.tokens import Tokens
from ctlab.engine.written_steps import given_ids

# Finished rows leave when at most this share of the rows is still answering: their keys are copied then, which a few
# rows less do not pay for. Rule of thumb.
SHRINK = 0.75


class Rollout(Tokens):
    """The state of one batch while it is answered."""

    def __init__(
        self,
        planned: Plan,
        hooks: Hooks | None = None,
        patcher: ThoughtPatcher | None = None,
        layer_patcher: LayerPatcher | None = None,
        shared: SharedPrefill | None = None,
    ) -> None:
        super().__init__(planned.model)
        self.tree = planned.tree
        self.layout = planned.layout
        self.planned = planned
        self.first_token_ends = not planned.as_published or planned.model.as_published.first_token_ends
        self.hooks = hooks
        self.patcher = patcher
        self.layer_patcher = layer_patcher
        self.shared = shared
        self.level = 0
        self.factors = LevelFactors(planned)

    def generate(self, batch: PromptBatch, max_new_tokens: int) -> Tensor:
        """Answer a batch: (problems, branches of the last level, 2 + max_new_tokens).

        The first number is that of the row that answered, so that no answer goes anywhere without it; then the number
        of its thoughts; then ids, -1 after the end.
        """
        cache, hidden, position = self._prefill(batch)
        begin, *thoughts, end = self.layout.steps
        cache, hidden, position = self._read(self.model.begin_ids, begin, cache, hidden, position)
        think = self._think if self.layout.passes is None else self._iterate
        cache, hidden, position = think(thoughts, cache, hidden, position)
        cache, hidden, position = self._read(self.model.end_ids, end, cache, hidden, position)
        cache, hidden, position = self._descend(cache, hidden, position)
        return self._decode(cache, hidden, position, max_new_tokens, batch)

    def _prefill(self, batch: PromptBatch) -> tuple[KVCache, Tensor, Tensor]:
        """Compute the prompts; their rows, last hidden states (R, D or 0: see `prefill`) and next positions (R,)."""
        root = self.tree.levels[0]
        plain = bool((root.factors == 1).all())
        kinds = None if plain else [layer[:, :, 0] for layer in self.factors.of(0)]
        to_the_end = not self.model.begin_ids
        compute = partial(
            prefill, self.model, batch, len(root.parents), kinds, published=self.planned.published_positions
        )
        if self.shared is not None:
            prompts, position, hidden = self.shared.of(compute, to_the_end=to_the_end)
        else:
            watch = None if self.hooks is None else self.hooks.prefill_attention
            prompts, position, hidden = compute(watch=watch, to_the_end=to_the_end)
        if to_the_end and self.hooks is not None:
            self.hooks.question_states(prompts, hidden)
        cache = KVCache(
            prompts=prompts,
            prompt_of=torch.arange(len(position), device=position.device),
            branch_of=prompts.root_of,
        )
        return cache, hidden, position

    def _read(
        self, ids: Sequence[int], step: Segment, cache: KVCache, hidden: Tensor, position: Tensor
    ) -> tuple[KVCache, Tensor, Tensor]:
        """Read the tokens of begin or end; where there are none, what is read next is the state before them."""
        cache, hidden, position = self._descend(cache, hidden, position)
        if not ids:
            return cache, hidden, position
        if any(left_out := self.tree.levels[self.level].left_out):
            # End stands where the first thought would that its condition leaves out.
            position = position - torch.tensor(left_out, device=position.device)[cache.branch_of]
        states = self._step(cache, self._embed(ids, len(cache)), position, step)
        return cache, states[:, -1], position + len(ids)

    def _think(
        self, steps: Sequence[Segment], cache: KVCache, hidden: Tensor, position: Tensor
    ) -> tuple[KVCache, Tensor, Tensor]:
        """Think one thought after the other."""
        for step in steps:
            cache, hidden, position = self._descend(cache, hidden, position)
            hidden = self._step(cache, self._next_thoughts(cache, hidden)[:, None], position, step)[:, -1]
            position = position + 1
        return cache, hidden, position

    def _iterate(
        self, steps: Sequence[Segment], cache: KVCache, hidden: Tensor, position: Tensor
    ) -> tuple[KVCache, Tensor, Tensor]:
        """Think all thoughts together, pass after pass; keys and values of the last pass stay.

        What a pass feeds CTk is made of the state of the position before it, as the pass before left it: CT0 of the
        last state of begin, which no pass changes.
        """
        before = hidden[:, None]  # (R, thoughts, D) from pass 1 on
        for step in steps:
            cache, before, position = self._descend(cache, before, position)
            fed = self._together(cache, before, step)
            states = self._step(cache, fed, position, step)
            before = torch.cat([before[:, :1], states[:, :-1]], 1)
        return cache, states[:, -1], position + states.shape[1]

    def _together(self, cache: KVCache, before: Tensor, step: Segment) -> Tensor:
        """Return what each row is fed as its thoughts in one pass (R, thoughts, D)."""
        count = len(step.thoughts)
        if step.pass_ == 0:
            latent = self._embed([self.model.latent_id], len(cache))  # type: ignore[list-item]
            before, projected = before.expand(-1, count, -1), latent.expand(-1, count, -1)
        else:
            projected = self.model.project(before.flatten(0, 1)).view(*before.shape[:2], -1)
        return torch.stack(
            [self._patched(cache, step, slot, before[:, slot], projected[:, slot]) for slot in range(count)],
            1,
        )

    def _descend(self, cache: KVCache, hidden: Tensor, position: Tensor) -> tuple[KVCache, Tensor, Tensor]:
        """Go to the next level, forking rows where conditions part; ``hidden`` (R, D) and ``position`` (R,) follow."""
        self.level += 1
        forked, index = cache.fork(self.tree.levels[self.level].parents)
        if self.layer_patcher is not None:
            self.layer_patcher.enter(self.tree.levels[self.level], forked)
        if index is None and self.level > 1:
            return cache, hidden, position
        self.grid = forked.grid()
        return (forked, hidden, position) if index is None else (forked, hidden[index], position[index])

    def _next_thoughts(self, cache: KVCache, hidden: Tensor) -> Tensor:
        """Return what each row is fed as its next thought (R, D): what the model made, or what its condition says."""
        return self._patched(cache, self.layout.steps[self.level - 1], 0, hidden, self.model.project(hidden))

    def _patched(self, cache: KVCache, step: Segment, slot: int, hidden: Tensor, projected: Tensor) -> Tensor:
        """Return what each row is fed as one thought (R, D): ``projected``, or what its condition says."""
        if self.patcher is None:
            return projected
        thought = step.thoughts[slot]
        return self.patcher.patch(
            BeforeThought(
                thought=thought,
                slot=slot,
                number=step.pass_ * self.layout.thoughts + thought,
                level=self.tree.levels[self.level],
                cache=cache,
                hidden=hidden,
                projected=projected,
                decode=self._decoded,
            )
        )

    def _step(
        self, cache: KVCache, embeddings: Tensor, position: Tensor, segment: Segment, live: Tensor | None = None
    ) -> Tensor:
        """Feed ``embeddings`` (R, T, D) from ``position`` (R,) on; last hidden states (R, T, D)."""
        new = embeddings.shape[1]
        kinds = self.factors.of(self.level)
        visible = cache.prompts.visible
        if self.level > 1 and self.planned.sees_padding(segment):
            # There the official evaluation passes no attention mask.
            visible = torch.ones_like(visible)
        config = self.model.network.config
        shared = getattr(config, "num_key_value_heads", config.num_attention_heads)
        step = DecodeStep(
            cache=cache,
            grid=self.grid,
            new=new,
            level=self.level,
            pass_=segment.pass_,
            kept=segment.kept,
            masks=self._masks(cache, kinds, visible, shared),
            watch=None if self.hooks is None else self.hooks.attention,
            live=live,
        )
        positions = position[:, None] + torch.arange(new, device=position.device)
        patcher = self.layer_patcher
        with nullcontext() if patcher is None else patcher.within(self.tree.levels[self.level], cache):
            states = attention.forward(self.model.network, embeddings, positions, step)
        if self.hooks is not None:
            self.hooks.hidden_states(step, embeddings, states)
        if segment.kept:
            cache.width += new
        return states

    def _masks(self, cache: KVCache, kinds: Sequence[Tensor], visible: Tensor, shared: int) -> list[Tensor]:
        """See `decode_step.decode_masks`."""
        return decode_masks(cache, self.grid, kinds, visible, self.layout.tail, shared)

    def _decode(self, cache: KVCache, hidden: Tensor, position: Tensor, most: int, batch: PromptBatch) -> Tensor:
        device, total = hidden.device, len(cache)
        ids_of = torch.full((total, most), -1, device=device)
        row = torch.arange(total, device=device)
        order = cache.problem_of, cache.branch_of  # before rows leave: `row` counts in this order
        done = torch.zeros(total, dtype=torch.bool, device=device)
        to_end = torch.full((total,), self.model.ends, device=device)  # eos ids that are still to come
        given = given_ids(batch.given, *order)
        if self.planned.published_positions == "columns-then-tokens":
            position = position - (~cache.prompts.visible).sum(1)[cache.prompt_of]
        answer = self.layout.steps[-1]  # an answer's tokens are read as those of end are: after the last pass
        for count in range(most):
            ids = self._argmax(hidden)
            if count < given.shape[1]:
                ids = torch.where(given[row, count] >= 0, given[row, count], ids)
            ids_of[row, count] = torch.where(done, -1, ids)
            if count or self.first_token_ends:
                to_end = to_end - (ids == self.model.eos_token_id).long()
                done = to_end < 1
            if count + 1 == most:
                break
            # Looking at `done` makes a GPU wait; every fourth token is enough there.
            if device.type == "cpu" or count % 4 == 3:
                alive = (~done).nonzero().flatten()
                if len(alive) == 0:
                    break
                if len(alive) <= SHRINK * len(cache):
                    cache, row, done, to_end = cache.select(alive), row[alive], done[alive], to_end[alive]
                    ids, position = ids[alive], position[alive]
                    self.grid = cache.grid()
            hidden = self._step(cache, self._reread(ids)[:, None], position, answer, ~done)[:, -1]
            position = position + 1
        thoughts = torch.full((total,), self.layout.thoughts, device=device)
        return self._by_problem(len(batch.prompts), order, thoughts, ids_of)

    def _by_problem(self, problems: int, order: tuple[Tensor, Tensor], thoughts: Tensor, ids_of: Tensor) -> Tensor:
        """Sort what rows did by problem and branch, which are their ``order``: see `generate`."""
        row = torch.arange(len(ids_of), device=ids_of.device)
        answers = ids_of.new_full((problems, len(self.tree.levels[-1].parents), 2 + ids_of.shape[1]), -1)
        answers[order] = torch.cat([row[:, None], thoughts[:, None], ids_of], dim=1)
        return answers
