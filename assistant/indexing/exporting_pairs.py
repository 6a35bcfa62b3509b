"""The export of the cross-encoder, which reads a question and a passage side by side; only ever used while an index is built.

In: the folder of the packaged model, whose word vectors it reads with, and the packed weights of its own layers
(`scripts/pack_cross_encoder.py`). Out: `export_pairs`, which writes `cross_encoder.onnx` in int8 and compares its scores. Left
out: scoring (`cross_encoder`).
"""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from assistant.errors import BadSetting
from assistant.indexing.cross_encoder import PAIRS, CrossEncoder
from assistant.indexing.encoder import TOKENIZER
from assistant.indexing.exporting import quiet

_SCALE = ".scale"
_MOST_APART = 1.5  # between the export and the model, on average; scores have a deviation of about 4
_QUESTION = "VOD rate after HSCT in children?"
_PASSAGES = (
    "Among the 26 pediatric patients who underwent HSCT, VOD occurred in 19% (n=5) patients.",
    "Hematology: Neutropenia: Grade 3 or 4 48%; Thrombocytopenia: Grade 3 or 4 41%",
    "Discontinue treatment permanently in patients who develop severe hepatotoxicity.",
    "Store vials refrigerated at 2°C to 8°C in the original carton.",
)
_log = logging.getLogger(__name__)


def export_pairs(base: Path, weights: Path, folder: Path) -> None:
    """Write the exported cross-encoder beside the tokenizer of a folder; BadSetting where the weights don't fit the base."""
    module = _module(base, weights)
    with TemporaryDirectory() as raw, quiet():
        _export(module, Path(raw) / "float32.onnx")
        _quantize(Path(raw) / "float32.onnx", Path(raw) / "int8.onnx")
        _optimise(Path(raw) / "int8.onnx", folder / PAIRS)
        reader = CrossEncoder.open(folder)
        exported = reader.scores(_QUESTION, _PASSAGES)
        own = np.concatenate([_scores(module, reader.row(_QUESTION, passage)) for passage in _PASSAGES])
    apart = float(np.abs(exported - own).mean())
    _log.info("exported %s: %.3f from its own scores on average", weights.name, apart)
    if not apart <= _MOST_APART:  # subtle: not ">", so that nan is refused too
        raise BadSetting(
            f"its ONNX export gives other scores, {apart:.2f} apart on average, above {_MOST_APART}",
            place=str(folder / TOKENIZER),
            remedy="Install the package anew, or leave its weights as they came",
        )


def _module(base: Path, weights: Path) -> Any:
    """The layers over the word vectors, mean pooling and a line to one score, as torch module."""
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    tensors = unpacked(load_file(weights))
    layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
    config = BertConfig.from_pretrained(base, num_hidden_layers=layers, attn_implementation="eager")

    class Pairs(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = BertModel(config, add_pooling_layer=False)
            self.head = torch.nn.Linear(config.hidden_size, 1)

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            states = self.model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            held = attention_mask.unsqueeze(-1).float()
            return self.head((states * held).sum(1) / held.sum(1)).squeeze(-1)

    module = Pairs()
    words = {name: one.float() for name, one in load_file(base / "model.safetensors").items() if "embeddings" in name}
    own = {name: one for name, one in tensors.items() if not name.startswith("head.")}
    try:
        module.model.load_state_dict({**words, **own}, strict=False)
        module.head.load_state_dict({name.removeprefix("head."): tensors[name] for name in tensors if name not in own})
    except RuntimeError as error:
        raise BadSetting(
            f"doesn't fit the packaged model: {error}", place=str(weights), remedy="Install the package anew"
        ) from error
    return module.eval()


def unpacked(tensors: dict[str, Any]) -> dict[str, Any]:
    """Tensors in float32, those of int8 times their scales, (rows, 1)."""
    return {
        name: tensor.float() * tensors[f"{name}{_SCALE}"].float() if f"{name}{_SCALE}" in tensors else tensor.float()
        for name, tensor in tensors.items()
        if not name.endswith(_SCALE)
    }


def _export(module: Any, path: Path) -> None:
    import torch

    names = ("input_ids", "attention_mask", "token_type_ids")
    sample = torch.randint(1000, 20_000, (2, 40))
    values = (sample, torch.ones_like(sample), torch.zeros_like(sample))
    axes = {name: {0: "pairs", 1: "tokens"} for name in names} | {"scores": {0: "pairs"}}
    with torch.inference_mode():
        torch.onnx.export(
            module,
            values,
            str(path),
            input_names=list(names),
            output_names=["scores"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def _quantize(source: Path, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    loggers = logging.getLogger()
    level = loggers.level
    loggers.setLevel(logging.ERROR)  # it advises a step that this export needs no more
    try:
        # subtle: reduce_range, since products of 8 bits overflow on processors without VNNI.
        quantize_dynamic(str(source), str(path), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    finally:
        loggers.setLevel(level)


def _optimise(raw: Path, path: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])


def _scores(module: Any, rows: dict[str, Any]) -> Any:
    import torch

    with torch.inference_mode():
        return module(
            *(torch.from_numpy(rows[name]) for name in ("input_ids", "attention_mask", "token_type_ids"))
        ).numpy()
