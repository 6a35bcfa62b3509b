// Searching inside a label: paints what it finds with the CSS Custom Highlight API, which leaves the text untouched.
// In: the search form and the element that holds the label. Out: `search`, called again when another label is shown.

const MOST = 500; // places painted

export function search(form, root, pane) {
  if (!globalThis.CSS?.highlights) return { again() {} };
  const box = form.querySelector("input");
  const said = form.querySelector("output");
  let found = [];
  let at = -1;

  function look() {
    found = box.value.trim().length > 1 ? places(root, box.value.trim()) : [];
    at = found.length ? 0 : -1;
    CSS.highlights.set("found", new Highlight(...found));
    go(0);
  }
  function go(step) {
    if (found.length) at = (at + step + found.length) % found.length;
    const here = found[at];
    CSS.highlights.set("here", here ? new Highlight(here) : new Highlight());
    said.textContent = box.value.trim().length > 1 ? (here ? `${at + 1} of ${found.length}` : "none") : "";
    if (!here) return;
    here.startContainer.parentElement.closest("details")?.setAttribute("open", "");
    const top = here.getBoundingClientRect().top - (pane ? pane.getBoundingClientRect().top : 0);
    (pane ?? window).scrollBy({ top: top - (pane?.clientHeight ?? innerHeight) / 3 });
  }

  form.hidden = false;
  box.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(1);
  });
  for (const button of form.querySelectorAll("button")) button.addEventListener("click", () => go(Number(button.value)));
  return { again: () => (box.value ? look() : undefined) };
}

function places(root, wanted) {
  const words = fold(wanted);
  const found = [];
  for (const block of root.querySelectorAll("p, li > span, h2, h3, h4, h5, h6, th, td, caption")) {
    const runs = [...textRuns(block)];
    const text = fold(runs.map((run) => run.data).join(""));
    for (let from = text.indexOf(words); from >= 0 && found.length < MOST; from = text.indexOf(words, from + 1)) {
      const range = new Range();
      range.setStart(...placeOf(runs, from));
      range.setEnd(...placeOf(runs, from + words.length));
      found.push(range);
    }
  }
  return found;
}

/** Small letters; a letter that would change its length stays, so that places still fit. */
function fold(text) {
  const small = text.toLowerCase();
  return (small.length === text.length ? small : text).replaceAll("\u00a0", " ");
}

function* textRuns(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) yield walker.currentNode;
}

function placeOf(runs, at) {
  for (const run of runs) {
    if (at <= run.length) return [run, at];
    at -= run.length;
  }
  return [runs.at(-1), runs.at(-1).length];
}
