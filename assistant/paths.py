"""Where the product's folders lie, in a wheel, an editable install and a bare checkout.

Out: `web()`, the folder of templates and static files; `corpus()` and `index()`, the default folders of labels and of
the built index; `database()`, where conversations are kept by default. Left out: reading the environment (`settings` does that).
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def is_checkout() -> bool:
    """Whether the package runs from a source checkout rather than from site-packages."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "corpus").is_dir()


def web() -> Path:
    """The folder with `templates/`, `static/` and `widget/`."""
    packaged = _PACKAGE / "web"
    return packaged if packaged.is_dir() else _CHECKOUT / "web"


def corpus() -> Path:
    """The default folder of labels: the checkout's, else `corpus/labels` in the working folder."""
    return (_CHECKOUT if is_checkout() else Path.cwd()) / "corpus" / "labels"


def index() -> Path:
    """The default folder of the built index: the checkout's, else `index` in the working folder."""
    return (_CHECKOUT if is_checkout() else Path.cwd()) / "index"


def database() -> Path:
    """The default file of conversations: under the checkout, else under the working folder."""
    return (_CHECKOUT if is_checkout() else Path.cwd()) / "kept" / "conversations.db"


def questions() -> Path:
    """The default folder of question sets."""
    return (_CHECKOUT if is_checkout() else Path.cwd()) / "eval" / "questions"


def data() -> Path:
    """The folder of word lists and tables of the standard that ship with the package."""
    return _PACKAGE / "understanding" / "data"
