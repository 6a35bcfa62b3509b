"""Packs the weights that `train_cross_encoder.py` wrote: matrices as int8 with a scale for each row, the rest in float16.

In: `cross_encoder.safetensors` in float16. Out: the same tensors in a quarter of the space, as `assistant.indexing.exporting_pairs`
reads them: a tensor `name` of int8 beside `name.scale`. The scale is that of 7 bits, which is what the exported model multiplies in.

    python scripts/pack_cross_encoder.py IN OUT
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

_MOST = 63  # of a weight in 7 bits: products of 8 bits overflow on processors without VNNI


def packed(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors, each matrix as int8 and a scale for each of its rows."""
    found = {}
    for long, tensor in tensors.items():
        name = long.removeprefix("b.").replace("h.", "head.") if long.startswith(("b.", "h.")) else long
        if tensor.dim() == 2 and tensor.shape[0] > 1:
            scale = (tensor.float().abs().amax(1, keepdim=True) / _MOST).clamp_min(1e-8)
            found[name] = (tensor.float() / scale).round().to(torch.int8)
            found[f"{name}.scale"] = scale.half()
        else:
            found[name] = tensor.half()
    return found


def main() -> None:
    """Read, pack, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    save_file(packed(load_file(options.source)), options.out)


if __name__ == "__main__":
    main()
