// What the widget is made of: where it comes from, its wording, and elements whose text is only ever text nodes.
// Served inside widget.js, in front of the element.

const HOME = document.currentScript ? new URL(document.currentScript.src).origin : location.origin;
const WAIT = 30_000; // milliseconds
const HEADINGS = {
  boxed_warning: "Boxed warning",
  report_adverse_event: "Report an adverse event",
  emergency: "Emergency",
  source_conflict: "The label says two things",
  figure_check: "Check this figure",
  other_population: "Another population",
  professional_advice: "No advice on individual patients",
  comparison: "Side by side, not a comparison",
};
const NO = { not_in_label: "Not in this label", unknown_product: "That product is not indexed", not_a_label_question: "Not a question about a label" };
const FIRST = ["emergency", "report_adverse_event", "professional_advice", "comparison"];


const UNSEEN = /([\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff])/;

/** Text with every character that can't be seen, as one that turns the direction, shown by its name. */
function visible(text) {
  if (!UNSEEN.test(text)) return text;
  return text.split(UNSEEN).map((part, place) => (place % 2 ? `[U+${part.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]` : part)).join("");
}

/** An element: `h("p.soft", { part: "quote" }, "text", child)`; a string is a text node, null is left out. */
function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  const shown = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "");
  element.append(...shown.map((child) => (typeof child === "string" ? visible(child) : child)));
  return element;
}

/** A stretch of text with marks; spans count code points from `start`, and may say how they look. */
function marked(text, start, spans) {
  const letters = [...text];
  const end = start + letters.length;
  const inside = spans.map((span) => ({ ...span, start: Math.max(span.start, start), end: Math.min(span.end, end) })).filter((span) => span.start < span.end);
  inside.sort((a, b) => a.start - b.start);
  const shown = [];
  let at = start;
  for (const span of inside) {
    if (span.start < at) continue;
    if (at < span.start) shown.push(letters.slice(at - start, span.start - start).join(""));
    shown.push(h(span.look ?? "mark", {}, letters.slice(span.start - start, span.end - start).join("")));
    at = span.end;
  }
  if (at < end) shown.push(letters.slice(at - start).join(""));
  return shown;
}

function versionOf({ version }) {
  return /^\d/.test(version ?? "") ? `version ${version}` : version;
}

function turnPath({ conversation_id, turn_id }) {
  return `/api/conversations/${encodeURIComponent(conversation_id)}/${encodeURIComponent(turn_id)}`;
}

/** Text with its telephone numbers ready to dial. */
function spoken(text) {
  return text.split(/(1-8\d\d-\d{3}-\d{4}|1-8\d\d-[A-Z]{3}-\d{4}|\b911\b)/).map((part, place) =>
    place % 2 ? h("a", { href: `tel:${part.length > 3 ? "+" : ""}${part.replace("FDA", "332").replaceAll("-", "")}` }, part) : part);
}

/** The rows of a table head from a header path a column; neighbours with the same path so far share one cell. */
function headRows(paths, corner) {
  const depth = Math.max(1, ...paths.map((path) => path.length));
  const same = (one, other, level) => one.slice(0, level + 1).join("\n") === other.slice(0, level + 1).join("\n");
  return Array.from({ length: depth }, (_, level) => {
    const cells = level ? [] : [h("th", { scope: "col", rowspan: depth }, corner)];
    for (let at = 0, end = 0; at < paths.length; at = end) {
      end = at + 1;
      if (level >= paths[at].length) continue;
      const lowest = level === paths[at].length - 1;
      while (!lowest && end < paths.length && paths[end].length > level + 1 && same(paths[at], paths[end], level)) end += 1;
      const span = { scope: lowest ? "col" : "colgroup", colspan: end - at, rowspan: lowest ? depth - level : 1 };
      cells.push(h("th.value", span, paths[at][level]));
    }
    return h("tr", {}, cells);
  });
}

function copyButton(words, copied) {
  const button = h("button.plain", { type: "button", onclick: () => {
    navigator.clipboard.writeText(copied).then(() => (button.textContent = "Copied"), () => (button.textContent = "Could not copy"));
  } }, words);
  return button;
}

/** How to report an adverse event, with the summary that the reader may take along. */
function reportNotice(text, number) {
  const [said, summary] = text.split("To copy: ");
  const copied = summary?.trim();
  return h("section.notice.report", {}, h("h3", {}, HEADINGS.report_adverse_event), h("p", {}, ...spoken(said.trim()), " ", number),
    copied ? [h("p.summary", {}, copied), copyButton("Copy the summary", copied)] : null);
}
