"""A few of the drills of `make drills`, in a process that has no thread yet: forking one that has is asking for trouble."""

import os
import re
import subprocess
import sys
from pathlib import Path

DRILLS = Path(__file__).with_name("drills.py")


def test_what_is_killed_or_damaged_on_purpose_loses_nothing_and_serves_nothing_wrong() -> None:
    done = subprocess.run(
        [sys.executable, DRILLS, "--few"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(DRILLS.parents[1])},
    )
    assert (done.returncode, done.stderr) == (0, "")
    kills = [int(number) for number in re.findall(r"(\d+) kill points", done.stdout)]
    damages = [int(number) for number in re.findall(r"(\d+) corruptions", done.stdout)]
    assert (len(kills), len(damages)) == (2, 2)
    assert min(kills) >= 5
    assert min(damages) >= 20
    around = [
        re.findall(rf"(\d+) {what}", done.stdout) for what in ("full disks", "read-only folders", "clocks that jump")
    ]
    assert [len(counts) for counts in around] == [3, 1, 1]
    assert min(int(count) for counts in around for count in counts) >= 3
    assert re.findall(r"; (\d+) failures", done.stdout) == ["0"] * 9
