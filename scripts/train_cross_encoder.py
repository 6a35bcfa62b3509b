"""Trains the cross-encoder of the second stage: a question and a passage, read side by side, to a score.

In: the file of `train_examples.py` and the encoder's own weights, of which the first layers are taken to begin with. Out:
`cross_encoder.safetensors` in float16, to be packed by `pack_cross_encoder.py`. First on pairs made before, each right passage
against the wrong one made for it and right ones of other questions; then on questions that people wrote, each against wrong candidates of its
own and against "none of them", which scores 0 and is right for a question that the label doesn't answer. Word vectors stay as
they are. Fifths of the labels are held out for the figures that are printed. Needs torch, transformers, tokenizers and
safetensors; a GPU is used where there is one: 270 s for all on an H200.

    python scripts/train_cross_encoder.py FILE --base FOLDER --start assistant/weights/encoder.safetensors --out DIR
"""

import argparse
import math
import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from train_on_questions import _DEVICE, Encoder, Examples

_LAYERS = 4
_PAIR_OPTIONS = 6  # passages for a question made before: its own, the wrong one, right ones of others
_OPTIONS = 8  # passages for a question that people wrote, "none of them" beside them
_AMONG = 24  # candidates from the top that wrong ones are drawn from, and that are scored
_POSITIVES = 4  # supporting candidates from the top that the right one is drawn from
_AT_ONCE = 1024
_Pair = tuple[list[int], list[int]]


class CrossEncoder(torch.nn.Module):
    """The first layers of the encoder with mean pooling and a line to one score."""

    def __init__(self, base: Path, start: Path) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.b = Encoder(base, start).model
        self.b.encoder.layer = self.b.encoder.layer[:_LAYERS]
        self.h = torch.nn.Linear(self.b.config.hidden_size, 1).to(_DEVICE)
        torch.nn.init.normal_(self.h.weight, std=0.02)

    def forward(self, pairs: Sequence[_Pair]) -> torch.Tensor:
        """(pairs,) scores of questions beside passages, both as token ids."""
        width = max(len(asked) + len(passage) - 1 for asked, passage in pairs)
        ids, types = (np.zeros((len(pairs), width), dtype=np.int64) for _ in range(2))
        for place, (asked, passage) in enumerate(pairs):
            end = len(asked) + len(passage) - 1
            ids[place, : len(asked)], ids[place, len(asked) : end] = asked, passage[1:]
            types[place, len(asked) : end] = 1
        tokens = torch.from_numpy(ids).to(_DEVICE)
        held = (tokens != 0).long()
        with torch.autocast(_DEVICE, dtype=torch.bfloat16):
            states = self.b(
                input_ids=tokens, attention_mask=held, token_type_ids=torch.from_numpy(types).to(_DEVICE)
            ).last_hidden_state
        weights = held.unsqueeze(-1).float()
        scores: torch.Tensor = self.h((states.float() * weights).sum(1) / weights.sum(1)).squeeze(-1)
        return scores


def fitted(model: CrossEncoder, batches: Iterator[Any], steps: int, lr: float, loss_of: Callable[[Any], Any]) -> None:
    """AdamW with a warm-up of a tenth, then a cosine."""
    weights = [one for one in model.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=lr, weight_decay=0.01)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 0.5 + 0.5 * math.cos(math.pi * min(1.0, step / steps)))
    )
    for batch in batches:
        loss_of(batch).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()


def begun(examples: Examples, options: argparse.Namespace) -> CrossEncoder:
    """One that saw the pairs made before."""
    model, rng = CrossEncoder(options.base, options.start), random.Random(1)
    usable = [number for number, wrong in enumerate(examples.wrong) if wrong is not None]
    rng.shuffle(usable)
    size = options.batch
    batches = [usable[start : start + size] for start in range(0, len(usable) - size + 1, size)]

    def loss_of(batch: Sequence[int]) -> torch.Tensor:
        pairs: list[_Pair] = []
        for number in batch:
            others = [examples.right[other] for other in rng.sample(usable, _PAIR_OPTIONS - 2)]
            passages = [examples.right[number], examples.wrong[number] or [], *others]
            pairs += [(examples.asked[number], passage) for passage in passages]
        aims = torch.zeros(len(batch), dtype=torch.long, device=_DEVICE)
        return torch.nn.functional.cross_entropy(model(pairs).view(-1, _PAIR_OPTIONS), aims)

    fitted(model, iter(batches), len(batches), options.lr, loss_of)
    return model


def trained(
    examples: Examples, state: dict[str, Any], labels: Collection[str], options: argparse.Namespace
) -> CrossEncoder:
    """One that goes on from `state` with the questions on these labels, answerable and not."""
    model, rng = CrossEncoder(options.base, options.start), random.Random(options.seed)
    model.load_state_dict(state)
    usable = [
        number
        for number, one in enumerate(examples.questions)
        if one["label"] in labels
        and len(one["candidates"]) >= _OPTIONS
        and (any(one["supports"]) or not one["answerable"])
    ]
    size = max(1, options.batch * 3 // 4)

    def batches() -> Iterator[list[int]]:
        for _ in range(options.epochs):
            rng.shuffle(usable)
            yield from (usable[start : start + size] for start in range(0, len(usable) - size + 1, size))

    def loss_of(batch: Sequence[int]) -> torch.Tensor:
        found = [_options(examples, number, rng) for number in batch]
        scores = model([pair for pairs, _ in found for pair in pairs]).view(-1, _OPTIONS)
        scores = torch.cat([scores, torch.zeros(len(batch), 1, device=_DEVICE)], 1)
        return torch.nn.functional.cross_entropy(scores, torch.tensor([aim for _, aim in found], device=_DEVICE))

    fitted(model, batches(), options.epochs * (len(usable) // size), options.lr * 0.6, loss_of)
    return model


def _options(examples: Examples, number: int, rng: random.Random) -> tuple[list[_Pair], int]:
    """What a question is asked of, and which of them is right: the last place but one more for none of them."""
    question = examples.questions[number]
    pairs = list(zip(question["candidates"], question["supports"], strict=True))
    held = [candidate for candidate, holds in pairs if holds]
    others = [candidate for candidate, holds in pairs if not holds]
    first = [rng.choice(held[:_POSITIVES])] if held else []
    near = [candidate for candidate, holds in pairs[:_AMONG] if not holds]
    wrong = rng.sample(near, min(_OPTIONS - len(first), len(near)))
    wrong += [rng.choice(others) for _ in range(_OPTIONS - len(first) - len(wrong))]
    asked = examples.texts[number]
    return [(asked, examples.passages[one]) for one in (*first, *wrong)], 0 if held else _OPTIONS


@torch.no_grad()
def recalled(model: CrossEncoder, examples: Examples, chosen: Sequence[int], k: int) -> float:
    """Share of the answerable questions with support among the k best of their first candidates."""
    flat = [(number, one) for number in chosen for one in examples.questions[number]["candidates"][:_AMONG]]
    scores = np.concatenate(
        [
            model([(examples.texts[number], examples.passages[one]) for number, one in flat[at : at + _AT_ONCE]]).cpu()
            for at in range(0, len(flat), _AT_ONCE)
        ]
    )
    hits, at = [], 0
    for number in chosen:
        question = examples.questions[number]
        count = len(question["candidates"][:_AMONG])
        if any(question["supports"]):
            order = np.argsort(-scores[at : at + count])[:k]
            hits.append(np.array(question["supports"][:_AMONG])[order].any())
        at += count
    return float(np.mean(hits))


def main() -> None:
    """Train, fifth by fifth and on all, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what train_examples.py wrote")
    parser.add_argument("--base", type=Path, required=True, help="folder of the packaged model")
    parser.add_argument("--start", type=Path, required=True, help="the encoder's weights")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32, help="questions at once")
    parser.add_argument(
        "--lr", type=float, default=1e-4, help="peak learning rate of the first run; 0.6 of it in the second"
    )
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began = time.monotonic()
    examples = Examples(options.file, options.base)
    state = {name: one.clone() for name, one in begun(examples, options).state_dict().items()}
    labels = sorted({question["label"] for question in examples.questions})
    random.Random(0).shuffle(labels)
    for part in range(options.folds):
        out = frozenset(labels[part :: options.folds])
        model = trained(examples, state, frozenset(labels) - out, options)
        asked = [number for number, one in enumerate(examples.questions) if one["label"] in out]
        shares = " ".join(f"@{k} {recalled(model, examples, asked, k):.3f}" for k in (1, 3))
        print(f"fifth {part + 1}, unseen: recall {shares}, {time.monotonic() - began:.0f} s", flush=True)
    kept = {
        name: one
        for name, one in trained(examples, state, labels, options).state_dict().items()
        if "embeddings" not in name
    }
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: one.half().cpu().contiguous() for name, one in kept.items()}, options.out / "cross_encoder.safetensors"
    )


if __name__ == "__main__":
    main()
