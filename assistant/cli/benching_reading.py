"""`bench` of the readers: documents a second on one core, and whether memory grows with their number.

In: a corpus. Out: megabytes a second by format, and the peak of memory after a third and after all. Left out: encoding.
"""

import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from assistant.errors import UnreadableLabel

_LEAST = 1.0  # seconds of CPU a format: few documents are read over and over


def reading_rates(corpus: Path) -> dict[str, Any]:
    """Every document of a corpus read on one core, over again until a second is spent on each format."""
    from assistant import reading
    from assistant.reading import archive
    from assistant.reading.corpus import sources

    spent: defaultdict[str, float] = defaultdict(float)
    bytes_read, peaks = Counter[str](), list[float]()
    found = sources(corpus)
    kinds: dict[Path, str] = {}
    while not kinds or any(seconds < _LEAST for seconds in spent.values()):
        for path, source in found:
            if path in kinds and spent[kinds[path]] >= _LEAST:
                continue
            content = archive.content(path)
            started = time.process_time()
            try:
                kinds[path] = reading.read_bytes(content, source).format
            except UnreadableLabel:
                kinds[path] = "refused"
            spent[kinds[path]] += time.process_time() - started
            bytes_read[kinds[path]] += len(content)
            peaks.append(peak_mb())
    rates = {kind: round(bytes_read[kind] / 1e6 / spent[kind], 2) for kind in sorted(spent)}
    memory = {"after_a_third": peaks[len(peaks) // 3], "after_all": peaks[-1]} if peaks[-1] else {}
    return {"mb_per_second": rates, "documents": len(found), "peak_mb": memory}


def peak_mb() -> float:
    """The most memory that this process held, in megabytes; 0 where the system doesn't say."""
    # Not getrusage: it counts what the process that started this one held.
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    held = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return round(int(held.split()[1]) / 1024, 1)
