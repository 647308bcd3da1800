"""Puts what other runs had at a layer in place of a row's own: residual streams, keys and values, row by row."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from ctlab.engine.activation_cache import ActivationCache, Thoughts
from ctlab.engine.kv_cache import KVCache
from ctlab.engine.layer_sources import LayerSource, LayerSources
from ctlab.engine.network_layers import changed_layers, head_size, turned
from ctlab.engine.plan import Plan
from ctlab.engine.prefix_tree import Level
from ctlab.errors import InputError
from ctlab.interventions.patch_kind import Source


class LayerPatcher:
    """Patches one batch, some problems (indices) of a plan, at layers."""

    def __init__(self, planned: Plan, indices: Sequence[int]) -> None:
        self._planned = planned
        self._network = planned.model.network
        self._problem_ids = [planned.problems[index].id for index in indices]
        self._lengths = [len(planned.prompts[index]) for index in indices]

    @contextmanager
    def within(self, level: Level, cache: KVCache) -> Iterator[None]:
        """Let layers hand on what a level's branches say, in place of their own residual streams."""
        layers = {each.place[1] for sources in level.within for each in sources}
        if not layers:
            yield
            return

        def change(layer: int, given: Tensor) -> Tensor | None:
            here = [tuple(each for each in sources if each.place[1] == layer) for sources in level.within]
            return self._patched(here, level, cache, given[:, 0])[:, None]

        with changed_layers(self._network, layers, change):
            yield

    def enter(self, level: Level, cache: KVCache) -> None:
        """Replace the keys and values that a level's branches do not find as they were left."""
        for thought, place in dict.fromkeys((each.thought, each.place) for of in level.entered for each in of):
            here = [tuple(each for each in sources if each.place == place) for sources in level.entered]
            position, layer = place
            store = (cache.keys if position == "key" else cache.values)[layer]
            at = self._planned.layout.begin + thought
            left = store[at].flatten(1)  # (R, key heads x d)
            store[at] = self._patched(here, level, cache, left).view_as(store[at])

    def _patched(self, here: Sequence[LayerSources], level: Level, cache: KVCache, own: Tensor) -> Tensor:
        """What rows have at one place (R, W), with what their branches say in place of it; one source a branch."""
        patched = own.clone()
        for patch in dict.fromkeys(each for sources in here for each in sources):
            branches = [branch for branch, sources in enumerate(here) if patch in sources]
            rows = torch.isin(cache.branch_of, torch.tensor(branches, device=own.device)).nonzero().flatten()
            rows = self._with_donor(patch, cache, rows)
            if not len(rows):
                continue
            # float64 holds every narrower type exactly: a copy stays one to the last bit.
            vectors = (
                self._vectors(source, patch, level, cache, own, rows).double() for source in patch.source.sources
            )
            patched[rows] = torch.as_tensor(patch.source.vector(*vectors)).to(own)
        return patched

    def _vectors(
        self, source: Source, patch: LayerSource, level: Level, cache: KVCache, own: Tensor, rows: Tensor
    ) -> Tensor:
        """Work out a source for some rows (N,), of what all have at the place (R, W): (N, W)."""
        problems, matching = self._problems(cache, rows), patch.source.matching
        match source:
            case Source.PROJECTED:
                return own[rows]
            case Source.UNDISTURBED:
                return own[self._undisturbed(level, cache, rows)]
            case Source.RESAMPLED:
                return self._of_others(patch, problems, self._others().resampled_rows(problems, patch.source.seed), own)
            case Source.OTHER_RESULT | Source.SAME_RESULT:
                if matching is None:
                    raise InputError("a donor's thought is taken only where a step says which donors there are")
                return self._of_others(patch, problems, self._others().donor_rows(problems, matching), own)
            case Source.MEAN:
                mean = torch.from_numpy(self._others().means[patch.place][patch.thought]).to(own.device)
                return self._moved(patch, mean.expand(len(rows), -1), self._own_lengths(problems))
            case _:
                raise InputError(f"{source.meaning}: there is none at a layer")

    def _of_others(self, patch: LayerSource, problems: Sequence[str], rows: list[int], like: Tensor) -> Tensor:
        """What other problems' undisturbed runs had at the place (N, W), keys turned to where they are put."""
        others = self._others()
        there: Thoughts = others.at_layers[patch.place][rows, patch.thought]
        lengths = [others.question_lengths[row] for row in rows]
        further = [mine - other for mine, other in zip(self._own_lengths(problems), lengths, strict=True)]
        return self._moved(patch, torch.from_numpy(there).to(like.device), further)

    def _moved(self, patch: LayerSource, vectors: Tensor, further: Sequence[int]) -> Tensor:
        """Turn keys (N, W) by a number of positions each; what is no key stays as it is."""
        if patch.place[0] != "key":
            return vectors
        heads = vectors.reshape(len(vectors), -1, head_size(self._network))
        return turned(self._network, heads, torch.tensor(further, device=vectors.device)).flatten(1)

    def _with_donor(self, patch: LayerSource, cache: KVCache, rows: Tensor) -> Tensor:
        """Those of some rows whose problem has a donor, where one is asked for; the others are left as they are."""
        if patch.source.matching is None or not len(rows):
            return rows
        donors = self._others().donors(patch.source.matching)
        flags = [problem in donors for problem in self._problems(cache, rows)]
        return rows[torch.tensor(flags, dtype=torch.bool, device=rows.device)]

    def _problems(self, cache: KVCache, rows: Tensor) -> list[str]:
        return [self._problem_ids[problem] for problem in cache.problem_of[rows].tolist()]

    def _own_lengths(self, problems: Sequence[str]) -> list[int]:
        length_of = dict(zip(self._problem_ids, self._lengths, strict=True))
        return [length_of[problem] for problem in problems]

    def _others(self) -> ActivationCache:
        if self._planned.activations is None:
            raise InputError(
                "conditions that draw on other problems need the activation cache of the whole set; make it first"
            )
        return self._planned.activations

    def _undisturbed(self, level: Level, cache: KVCache, rows: Tensor) -> Tensor:
        """Rows of the condition without interventions, for the problems of some rows."""
        if self._planned.reference is None:
            raise InputError("thoughts are given back only beside a condition without interventions; add the baseline")
        reference = (cache.branch_of == level.branch_of[self._planned.reference]).nonzero().flatten()
        # (problems of the batch,) the reference's row of each; up to `end` every problem has one.
        table = torch.zeros(len(self._problem_ids), dtype=torch.long, device=rows.device)
        table[cache.problem_of[reference]] = reference
        return table[cache.problem_of[rows]]
