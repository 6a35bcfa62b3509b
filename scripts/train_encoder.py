"""Fine-tunes the packaged MiniLM on questions about drug labels and writes the tensors that differ.

In: a folder of label files (`text/*.txt`, `spl/*.xml`), one of licensed question sets, one of annotations. Out:
`encoder.safetensors`, float16, for `assistant/weights`; the same folders, options and versions give the same questions.
Labels whose questions measure the product are never read: `HELD_OUT` for tests, `CHOSEN_ON` for choosing. Trained by
multiple negatives, one of them a near miss, within groups of questions on one label; word vectors stay as they are.

    python scripts/train_encoder.py --labels DIR --training DIR --annotations DIR --out assistant/weights
"""

import argparse
import json
import math
import os
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import torch
import train_invented
import train_questions
import train_sets
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from train_pair import Pair

from assistant.indexing.exporting import find_model

HELD_OUT = frozenset(
    (
        "humira_v1560_2013 haloperidol_notitle_2010 train__ADCETRIS train__KYPROLIS train__Pradaxa train__Stribild "
        "train__OTEZLA train__Gilenya"
    ).split()
)
CHOSEN_ON = frozenset(
    (
        "viagra_v20_2017 lipitor_pfizer_v11_2014 lipitor_repack_v8_2012 train__BLINCYTO train__Zytiga train__Cimzia "
        "train__INVOKANA train__Multaq train__Aptiom"
    ).split()
)
NAME = "encoder.safetensors"
_SCALE = 20.0  # of cosines before the softmax
_GROUP = 8  # questions of one label that stand together in a batch
_QUESTION_TOKENS = 48
_MICRO = 32  # texts encoded at once, those of like length together


def main() -> None:
    """Read, train, write."""
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    torch.use_deterministic_algorithms(True)
    rng = random.Random(options.seed)
    pairs = gathered(options, rng)
    if options.pairs_to:
        with options.pairs_to.open("w", encoding="utf-8") as target:
            target.writelines(
                json.dumps([pair.source, pair.group, pair.question, pair.passage, pair.wrong]) + "\n" for pair in pairs
            )
    if options.most:
        pairs = rng.sample(pairs, min(options.most, len(pairs)))
    # subtle: without sdpa, whose backward pass in bfloat16 is three times as slow on a CPU
    eager = {"attn_implementation": "eager"}
    model = SentenceTransformer(str(find_base()), device="cpu", local_files_only=True, model_kwargs=eager)
    before = {name: tensor.clone() for name, tensor in model[0].auto_model.state_dict().items()}
    if options.start:
        model[0].auto_model.load_state_dict(load_file(options.start), strict=False)
    began = time.monotonic()
    train(model, pairs, options, rng)
    print(f"trained in {time.monotonic() - began:.0f} s")
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(changed(before, model[0].auto_model.state_dict(), options.keep), options.out / NAME)


def find_base() -> Path:
    """The folder of the packaged model, its hash checked."""
    return find_model().folder


def gathered(options: argparse.Namespace, rng: random.Random) -> list[Pair]:
    """All pairs, and a line on how many there are of each source."""
    barred = HELD_OUT | CHOSEN_ON
    files = sorted(
        file for kind in ("text/*.txt", "spl/*.xml") for file in options.labels.glob(kind) if file.stem not in barred
    )
    reactions = options.annotations / "spl_adr_train_mentions.jsonl"
    pairs = train_questions.pairs(files, reactions, rng)
    if not options.no_invented:
        pairs += train_invented.pairs(rng)
    pairs += train_sets.pairs(options.training, options.annotations, rng)
    counts: dict[str, int] = defaultdict(int)
    for pair in pairs:
        counts[pair.source] += 1
    print(
        f"{len(pairs)} pairs from {len(files)} labels and the sets:",
        ", ".join(f"{name} {n}" for name, n in counts.items()),
    )
    return pairs


def batches(pairs: Sequence[Pair], size: int, rng: random.Random) -> Iterator[list[Pair]]:
    """Batches made of groups: questions on one label, which are each other's negatives."""
    by_group: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_group[pair.group if pair.source not in _ALONE else pair.source].append(pair)
    groups = []
    for members in by_group.values():
        rng.shuffle(members)
        groups += [members[start : start + _GROUP] for start in range(0, len(members), _GROUP)]
    rng.shuffle(groups)
    flat = [pair for group in groups for pair in group]
    for start in range(0, len(flat) - size + 1, size):
        yield flat[start : start + size]


_ALONE = frozenset({"medquad", "pubmedqa"})  # sets with a document a pair


def train(model: Any, pairs: Sequence[Pair], options: argparse.Namespace, rng: random.Random) -> None:
    """Change the model's upper layers in place."""
    transformer = model[0].auto_model
    for parameter in transformer.parameters():
        parameter.requires_grad = False
    layers = transformer.encoder.layer
    for layer in layers[len(layers) - options.layers :]:
        for parameter in layer.parameters():
            parameter.requires_grad = True
    weights = [parameter for parameter in transformer.parameters() if parameter.requires_grad]
    steps = options.epochs * (len(pairs) // options.batch)
    optimizer = torch.optim.AdamW(weights, lr=options.lr, weight_decay=0.01)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 0.5 + 0.5 * math.cos(math.pi * min(1.0, step / steps)))
    )
    model.eval()  # no dropout: one pass over that many questions doesn't overfit, and it costs a third of the time
    done, mean, began = 0, 0.0, time.monotonic()
    for _ in range(options.epochs):
        for batch in batches(pairs, options.batch, rng):
            value = loss(model, batch, options.tokens)
            value.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            done += 1
            mean += (float(value.detach()) - mean) / min(done, 50)
            if done % 50 == 0:
                print(f"step {done} of {steps}: loss {mean:.3f}, {time.monotonic() - began:.0f} s", flush=True)


def loss(model: Any, batch: Sequence[Pair], tokens: int) -> torch.Tensor:
    """Multiple negatives ranking loss, https://arxiv.org/abs/1705.00652, with near misses among the negatives."""
    wrong = [pair for pair in batch if pair.wrong]
    texts = [pair.passage for pair in batch] + [pair.wrong for pair in wrong]
    questions = encoded(model, [pair.question for pair in batch], _QUESTION_TOKENS)
    cosines = questions @ encoded(model, texts, tokens).T
    owners = [*batch, *wrong]
    barred = torch.tensor(
        [
            [place != other and _may_answer(pair, owners[other], texts[other]) for other in range(len(texts))]
            for place, pair in enumerate(batch)
        ]
    )
    scores = (cosines * _SCALE).masked_fill(barred, -1e4)
    return torch.nn.functional.cross_entropy(scores, torch.arange(len(batch)))


def _may_answer(pair: Pair, owner: Pair, text: str) -> bool:
    """Whether another passage might answer as well, so that it is no negative."""
    return text == pair.passage or (pair is not owner and pair.key == owner.key)


def encoded(model: Any, texts: Sequence[str], tokens: int) -> torch.Tensor:
    """(texts, dimension), unit length."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    parts = []
    for start in range(0, len(order), _MICRO):
        features = model.tokenizer(
            [texts[place] for place in order[start : start + _MICRO]],
            padding=True, truncation=True, max_length=tokens, return_tensors="pt",
        )  # fmt: skip
        with torch.autocast("cpu", dtype=torch.bfloat16) if _HALF else nullcontext():
            parts.append(model(dict(features))["sentence_embedding"].float())
    vectors = torch.nn.functional.normalize(torch.cat(parts), dim=-1)
    return vectors[torch.argsort(torch.tensor(order))]


_HALF = os.environ.get("TRAIN_PRECISION", "bf16") == "bf16"


def changed(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor], keep: float) -> dict[str, torch.Tensor]:
    """The tensors that differ, in float16, moved only `keep` of the way from the base."""
    moved = {
        name: before[name] + keep * (tensor - before[name])
        for name, tensor in after.items()
        if not torch.equal(tensor, before[name])
    }
    return {name: tensor.half().contiguous() for name, tensor in moved.items()}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=Path, required=True, help="folder with text/*.txt and spl/*.xml")
    parser.add_argument("--training", type=Path, required=True, help="folder of MedQuAD, TAT-QA and PubMedQA")
    parser.add_argument(
        "--annotations", type=Path, required=True, help="folder of spl_adr_train_mentions.jsonl and aitqa_*.jsonl"
    )
    parser.add_argument("--out", type=Path, required=True, help=f"folder that gets {NAME}")
    parser.add_argument("--pairs-to", type=Path, help="also write the pairs there, one JSON list a line")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch", type=int, default=48, help="questions at once")
    parser.add_argument("--lr", type=float, default=5e-5, help="peak learning rate")
    parser.add_argument("--layers", type=int, default=6, help="upper layers to train, of 6")
    parser.add_argument("--tokens", type=int, default=160, help="tokens of a passage at most")
    parser.add_argument("--no-invented", action="store_true", help="leave out the labels of invented drugs")
    parser.add_argument("--start", type=Path, help="go on from this file instead of the packaged weights")
    parser.add_argument("--keep", type=float, default=1.0, help="share of the change to keep, 1 for all of it")
    parser.add_argument("--most", type=int, default=0, help="train on so many pairs only, 0 for all")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1, help="more than one is slower where other programs run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
