"""The tensors of our own encoder: what the model card says of them, what they change, and that they still rank."""

import hashlib
import json
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assistant
from assistant.indexing.exporting import BuildEncoder, find_model

FOLDER = Path(assistant.__file__).parent / "weights"
FILE = FOLDER / "encoder.safetensors"
MOST = 30_000_000  # bytes

# question, passage that answers, passages that nearly do: written for this test, of a drug that doesn't exist
TRIPLES = (
    (
        "how often did kids throw up?",
        "ZOLVANTRA 6 ADVERSE REACTIONS 6.1 Clinical Trials Experience Table 3 ZOLVANTRA (N=90) All grades %. "
        "Gastrointestinal disorders: Vomiting: All grades % 41; Grade 3/4 % 2",
        "ZOLVANTRA 6 ADVERSE REACTIONS 6.1 Clinical Trials Experience Table 3 ZOLVANTRA (N=90) All grades %. "
        "Gastrointestinal disorders: Constipation: All grades % 19; Grade 3/4 % 0",
    ),
    (
        "low platelets on zolvantra 20 mg %",
        "ZOLVANTRA 6 ADVERSE REACTIONS Table 2 ZOLVANTRA 20 mg Placebo. Thrombocytopenia: ZOLVANTRA 20 mg 14; Placebo 3",
        "ZOLVANTRA 6 ADVERSE REACTIONS Table 2 ZOLVANTRA 20 mg Placebo. Neutropenia: ZOLVANTRA 20 mg 17; Placebo 4",
    ),
    (
        "when should I stop it for liver injury?",
        "ZOLVANTRA 5 WARNINGS AND PRECAUTIONS 5.1 Hepatotoxicity. Permanently discontinue ZOLVANTRA if ALT rises above "
        "5 times the upper limit of normal.",
        "ZOLVANTRA 5 WARNINGS AND PRECAUTIONS 5.1 Hepatotoxicity. Elevations of ALT were reported in 12% of patients.",
    ),
    (
        "can she breastfeed?",
        "ZOLVANTRA 8 USE IN SPECIFIC POPULATIONS 8.2 Lactation. Advise women not to nurse during treatment and for 2 weeks "
        "after the last dose.",
        "ZOLVANTRA 8 USE IN SPECIFIC POPULATIONS 8.1 Pregnancy. Advise women of the potential risk to a fetus.",
    ),
    (
        "how soon does the rash start",
        "ZOLVANTRA 5 WARNINGS AND PRECAUTIONS 5.4 Dermatologic Toxicity. The median time to onset of skin reactions was 15 days.",
        "ZOLVANTRA 5 WARNINGS AND PRECAUTIONS 5.4 Dermatologic Toxicity. Rash occurred in 24% of patients and led to "
        "discontinuation in 2%.",
    ),
    (
        "live vaccines ok?",
        "ZOLVANTRA 5 WARNINGS AND PRECAUTIONS 5.6 Immunizations. Avoid attenuated virus immunization during treatment.",
        "ZOLVANTRA 5 WARNINGS AND PRECAUTIONS 5.5 Infections. Serious bacterial infections have occurred during treatment.",
    ),
    (
        "haemoglobin drop grade 3/4",
        "ZOLVANTRA 6 ADVERSE REACTIONS Table 4 Laboratory Abnormalities. Hemoglobin decreased: All grades % 60; Grade 3/4 % 11",
        "ZOLVANTRA 6 ADVERSE REACTIONS Table 4 Laboratory Abnormalities. Lymphocytes decreased: All grades % 70; Grade 3/4 % 31",
    ),
    (
        "how many quit because of side effects?",
        "ZOLVANTRA 6 ADVERSE REACTIONS 6.1 Clinical Trials Experience. Adverse reactions leading to permanent "
        "discontinuation occurred in 9% of patients.",
        "ZOLVANTRA 6 ADVERSE REACTIONS 6.1 Clinical Trials Experience. The most common adverse reactions were headache and nausea.",
    ),
)


def tensors() -> dict[str, dict[str, object]]:
    """What the file's own head says of each tensor."""
    with FILE.open("rb") as source:
        (length,) = struct.unpack("<Q", source.read(8))
        head: dict[str, dict[str, object]] = json.loads(source.read(length))
    head.pop("__metadata__", None)
    return head


@pytest.fixture(scope="module")
def encoder() -> BuildEncoder:
    pytest.importorskip("sentence_transformers")
    return BuildEncoder(find_model(), threads=1)


def test_the_card_names_the_file_s_hash() -> None:
    said = re.search(r"[0-9a-f]{64}", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert said is not None
    assert said.group() == hashlib.sha256(FILE.read_bytes()).hexdigest()


def test_the_weights_are_small_and_of_the_layers_alone() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.safetensors")) < MOST
    assert all(re.match(r"encoder\.layer\.\d\.", name) for name in tensors())
    assert {tensor["dtype"] for tensor in tensors().values()} == {"F16"}


@pytest.mark.slow
def test_every_tensor_differs_from_the_packaged_one() -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    base = load_file(find_model().folder / "model.safetensors")
    own = load_file(FILE)
    assert own
    for name, tensor in own.items():
        assert tensor.shape == base[name].shape
        assert not torch.equal(tensor, base[name].half()), name


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_vectors_have_unit_length_and_answers_rank_before_near_misses(encoder: BuildEncoder) -> None:
    texts = [text for triple in TRIPLES for text in triple]
    vectors = encoder.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert [file.name for file in find_model().overrides] == [FILE.name]
    lost = [
        TRIPLES[place][0]
        for place, (asked, right, wrong) in enumerate(vectors.reshape(len(TRIPLES), 3, -1))
        if asked @ right <= asked @ wrong
    ]
    assert lost == []


def _cross_encoder() -> dict[str, Any]:
    torch = pytest.importorskip("torch")
    assert torch
    from safetensors.torch import load_file

    return dict(load_file(FOLDER / "cross_encoder.safetensors"))


def test_the_card_names_the_cross_encoder_s_hash_and_size() -> None:
    raw = (FOLDER / "cross_encoder.safetensors").read_bytes()
    card = (FOLDER / "README.md").read_text(encoding="utf-8").partition("## Cross-encoder")[2]
    said = re.search(r"sha256 ([0-9a-f]{64})\n    size   ([\d,]+) bytes", card)
    assert said is not None
    assert said.groups() == (hashlib.sha256(raw).hexdigest(), f"{len(raw):,}")


@pytest.mark.slow
def test_the_cross_encoder_is_four_layers_and_a_line_packed_in_bytes() -> None:
    found = _cross_encoder()
    matrices = {name for name in found if f"{name}.scale" in found}
    assert {int(name.split(".")[2]) for name in found if name.startswith("encoder.layer.")} == {0, 1, 2, 3}
    assert {name for name in found if not name.startswith("encoder.layer.")} == {"head.bias", "head.weight"}
    assert {str(found[name].dtype) for name in matrices} == {"torch.int8"}
    assert {str(found[name].dtype) for name in found if name not in matrices} == {"torch.float16"}
    assert all(found[f"{name}.scale"].shape == (found[name].shape[0], 1) for name in matrices)
    assert all(int(found[name].abs().max()) <= 63 for name in matrices)
