"""What `bench` compares with: the least that the hardware and the libraries allow, and the usual way of doing it.

In: an index's folder and questions. Out: times of a process that does nothing but encode one question, of bare FAISS,
of memory alone, and of sentence-transformers with FAISS as a tutorial would write it. Left out: our own times.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ENCODE = """
import sys
import numpy as np, onnxruntime
from tokenizers import Tokenizer
folder, question, threads = sys.argv[1:]
tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
options = onnxruntime.SessionOptions()
options.intra_op_num_threads, options.inter_op_num_threads = int(threads), 1
session = onnxruntime.InferenceSession(folder + "/model.onnx", options, providers=["CPUExecutionProvider"])
found = tokenizer.encode(question)
rows = {"input_ids": found.ids, "attention_mask": found.attention_mask, "token_type_ids": found.type_ids}
session.run(None, {one.name: np.array([rows[one.name]]) for one in session.get_inputs()})
"""
_PLAIN = """
import json, sys, time
started = time.perf_counter()
import faiss, numpy as np
from sentence_transformers import SentenceTransformer
folder, vectors, dimension, questions = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
model = SentenceTransformer(folder, device="cpu", local_files_only=True)
index = faiss.IndexFlatIP(dimension)
index.add(np.fromfile(vectors, dtype="<f4").reshape(-1, dimension))
def ask(question):
    started = time.perf_counter()
    index.search(model.encode([question], normalize_embeddings=True, show_progress_bar=False), 10)
    return (time.perf_counter() - started) * 1000
ask(questions[0])
cold = (time.perf_counter() - started) * 1000
print(json.dumps({"cold_ms": cold, "times": [ask(question) for question in questions]}))
"""
_PROBED = 256 * 1024 * 1024  # bytes read to tell memory's speed
_ROUNDS = 20


def process(command: Sequence[str]) -> float:
    """How long a process takes, in milliseconds."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=as_installed())
    return (time.perf_counter() - started) * 1000


def python(script: str, *values: str) -> Any:
    """What a script that prints JSON says, run in a process of its own."""
    command = [sys.executable, "-c", script, *values]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=as_installed()).stdout)


def as_installed() -> dict[str, str]:
    """The environment, but that Python keeps the bytecode that it compiles, as an installed package has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def timed(act: Callable[[], Any]) -> float:
    """How long a call takes, in milliseconds."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def empty_python() -> float:
    """A Python that does nothing, in milliseconds."""
    return process([sys.executable, "-c", "pass"])


def bare_encoder(encoder: Path, question: str, threads: int) -> float:
    """A process that loads the exported encoder and encodes one question, in milliseconds."""
    return process([sys.executable, "-c", _ENCODE, str(encoder), question, str(threads)])


def memory() -> float:
    """Gigabytes of memory that numpy reads in a second on one core."""
    import numpy as np

    rows = np.ones(_PROBED // 4, dtype=np.float32)
    rows.sum()
    return round(_PROBED / 1e6 / median(timed(rows.sum) for _ in range(5)), 2)


def bare_faiss(rows: "NDArray[np.float32]", threads: int) -> float:
    """The 10 nearest of all rows by FAISS's flat index, median of 20, in milliseconds."""
    import faiss

    faiss.omp_set_num_threads(threads)
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)
    questions = [rows[n : n + 1] for n in range(min(_ROUNDS, len(rows)))]
    return round(median(timed(partial(index.search, question, 10)) for question in questions), 3)


def plain_pipeline(vectors: Path, dimension: int, asked: Sequence[str]) -> dict[str, Any]:
    """sentence-transformers and FAISS in a process of their own; empty where they aren't installed."""
    if find_spec("sentence_transformers") is None:
        return {}
    from assistant.indexing.exporting import find_model

    values = [str(find_model().folder), str(vectors), str(dimension)]
    python(_PLAIN, *values, json.dumps(asked[:1]))  # so that its bytecode is cached
    found = python(_PLAIN, *values, json.dumps(list(asked)))
    return {"cold_ms": round(found["cold_ms"], 1), "p50_ms": round(median(found["times"]), 2)}
