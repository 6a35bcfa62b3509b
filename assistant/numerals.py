"""Numbers in words.

Out: `NUMBERS`, "one" to "twelve". Left out: what they count (`ranges`, `moments`, `understanding.number_for_number`).
"""

from typing import Final

NUMBERS: Final = tuple("one two three four five six seven eight nine ten eleven twelve".split())
