"""What Slack takes at most, as its reference states it. A payload over any of these is refused whole.

Sources: https://docs.slack.dev/reference/block-kit/blocks, .../block-elements, .../composition-objects,
https://docs.slack.dev/reference/methods/chat.postMessage. Left out: what is done about it (`packing`).
"""

BLOCKS = 50  # of a message
MESSAGE = 12_000  # characters of a message's blocks as JSON; undocumented: Slack refuses from about 13,000
TEXT = 3_900  # characters of a message without blocks; Slack asks for at most 4,000
SECTION = 3_000  # characters of one text object
SMALL = 2_000  # characters of one text in small print
HEADER = 150
CONTEXT = 10  # elements of a context block
BUTTONS = 25  # of an actions block
BUTTON = 75  # characters on a button
LABEL = 75  # characters of an accessibility label
VALUE = 2_000  # characters that a button carries
URL = 3_000
COLUMNS = 20
CELLS = 10_000  # characters of all cells of a message's one table
PROMPTS = 4  # suggested prompts
RESPONSES = 5  # messages to one response_url, within 30 minutes
