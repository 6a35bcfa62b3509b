// Marks a stretch of a label by its offsets, which count Unicode code points as the server does.
// In: an element that holds blocks with data-start and data-end. Out: the same markup that the server writes for ?cite=.

/** The stretch that "#c-START-END" names, or null. */
export function place(hash) {
  const match = /^#?c-(\d+)-(\d+)$/.exec(hash);
  return match ? { start: Number(match[1]), end: Number(match[2]) } : null;
}

/** Marks `cited` and the `figures` inside it; returns the first marked element, or null where nothing stands there. */
export function mark(root, cited, figures = []) {
  clear(root);
  for (const row of root.querySelectorAll("tr[data-start]")) {
    row.classList.toggle("cited", touches(row, cited));
    for (const cell of row.querySelectorAll("td[data-at]")) {
      const at = Number(cell.dataset.at);
      const end = at + [...cell.textContent].length;
      cell.classList.toggle("answering", figures.some((figure) => figure.start < end && at < figure.end));
    }
  }
  for (const block of root.querySelectorAll("[data-start]:not(tr):not([data-table])")) {
    if (touches(block, cited)) wrap(block, cited, figures);
  }
  const first = root.querySelector("mark.cited, tr.cited");
  first?.closest("details")?.setAttribute("open", "");
  if (first) first.id = `c-${cited.start}-${cited.end}`;
  return first;
}

function touches(element, span) {
  return span.start < Number(element.dataset.end) && Number(element.dataset.start) < span.end;
}

function clear(root) {
  for (const old of root.querySelectorAll("tr.cited")) old.removeAttribute("id");
  for (const old of root.querySelectorAll("mark")) {
    const parent = old.parentNode;
    old.replaceWith(...old.childNodes);
    parent.normalize();
  }
}

function wrap(block, cited, figures) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const runs = [];
  while (walker.nextNode()) runs.push(walker.currentNode);
  let at = Number(block.dataset.start);
  for (const run of runs) {
    if (run.parentNode.classList.contains("control")) {
      at += 1; // one character of the label, shown by its name
      continue;
    }
    const letters = [...run.data];
    run.replaceWith(...cut(letters, at, cited, figures));
    at += letters.length;
  }
}

function cut(letters, start, cited, figures) {
  const end = start + letters.length;
  const places = [start, end];
  for (const span of [cited, ...figures]) places.push(span.start, span.end);
  const cuts = [...new Set(places)].filter((at) => at >= start && at <= end).sort((a, b) => a - b);
  return cuts.slice(1).map((stop, number) => {
    const from = cuts[number];
    const text = letters.slice(from - start, stop - start).join("");
    const looks = [];
    if (figures.some((figure) => figure.start <= from && from < figure.end)) looks.push("figure");
    if (cited.start <= from && from < cited.end) looks.push("cited");
    if (!looks.length) return document.createTextNode(text);
    const marked = document.createElement("mark");
    marked.className = looks.join(" ");
    marked.textContent = text;
    return marked;
  });
}
