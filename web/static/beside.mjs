// The source beside the answer. On a narrow page it lies over the conversation, and its button, Escape and the browser's
// way back close it; the conversation stays where it was.
// In: links with data-source, which lead to the source view. Left out: that view as a page (label.mjs).
import { search } from "./finding.mjs";
import { follow } from "./following.mjs";
import { load } from "./loading.mjs";
import { mark, place } from "./marking.mjs";

const one = (selector) => document.querySelector(selector);
const pane = one("#source");
const text = one("#source-text");
const bar = one(".source-bar");
const finder = search(one(".find"), text, pane);
export const wide = matchMedia("(min-width: 1000px) and (min-height: 560px)");
let opener = null;
let unfollow = () => {};

/** Shows the place that a link names; false where the label can't be had. */
export async function open(link, focus) {
  const address = new URL(link.href);
  const page = await fetchLabel(address);
  if (!page) return false;
  one("#contents").hidden = true;
  text.hidden = bar.hidden = false;
  bar.querySelector(".open-page").href = link.href;
  bar.querySelector("h2").textContent = page.dataset.name;
  for (const other of document.querySelectorAll("a.number[aria-current]")) other.removeAttribute("aria-current");
  if (link.matches(".number")) link.setAttribute("aria-current", "true");
  citedBy(link.closest(".turn"), link);
  if (!wide.matches) cover();
  show(address);
  finder.again();
  unfollow();
  unfollow = follow(text, pane, (heading) => (bar.querySelector(".where").textContent = heading?.textContent ?? ""));
  if (focus) {
    opener = link;
    bar.querySelector("h2").focus({ preventScroll: true });
  }
  return true;
}

/** The places that the answer cites in the label that is shown, each a step away. */
function citedBy(turn, shown) {
  const line = bar.querySelector(".cited-by");
  const path = new URL(shown.href).pathname;
  const links = new Map();
  for (const link of turn?.querySelectorAll("a.number") ?? []) {
    if (new URL(link.href).pathname === path) links.set(link.textContent, link.cloneNode(true));
  }
  for (const [number, link] of links) {
    link.toggleAttribute("aria-current", number === shown.textContent);
    link.addEventListener("click", () => {
      for (const other of links.values()) other.toggleAttribute("aria-current", other === link);
    });
  }
  if (turn || !shown.closest(".cited-by")) {
    line.querySelector("span").replaceChildren(...[...links].sort((a, b) => a[0] - b[0]).map(([, link]) => link));
    line.hidden = links.size < 2;
  }
}

async function fetchLabel(address) {
  if (text.dataset.path === address.pathname) return text;
  try {
    const request = await load("GET", address.pathname);
    const page = request.response?.querySelector("#label-text");
    if (request.status !== 200 || !page) return null;
    text.replaceChildren(...document.adoptNode(page).childNodes);
    text.dataset.path = address.pathname;
    text.dataset.name = text.querySelector("h1")?.firstChild.textContent.trim() ?? "Label";
    text.querySelector("h1")?.remove();
    return text;
  } catch {
    return null;
  }
}

function show(address) {
  const cited = place(address.hash);
  const figures = address.searchParams.getAll("figure").map((value) => place(`c-${value}`)).filter(Boolean);
  const there = cited ? mark(text, cited, figures) : text.querySelector(`[id="${CSS.escape(address.hash.slice(1))}"]`);
  if (!there) return pane.scrollTo({ top: 0 });
  const middle = cited ? pane.clientHeight / 3 : bar.offsetHeight + 12;
  pane.scrollTop += there.getBoundingClientRect().top - pane.getBoundingClientRect().top - middle;
}

/** On a wide page, the first place that a turn cites. */
export function beside(turn) {
  const link = turn?.querySelector(".headline a.number, .proof a.number");
  if (!wide.matches) return;
  if (link) open(link, false);
  else contents(); // a no has nothing to show: what is beside it would be another answer's
}

function contents() {
  text.hidden = bar.hidden = true;
  one("#contents").hidden = false;
  unfollow();
  opener?.focus({ preventScroll: !wide.matches });
  opener = null;
}

// Over the conversation

const covered = () => pane.classList.contains("over");

function cover() {
  if (covered()) return;
  lie(true);
  history.pushState({ source: true }, "");
}

/** Takes the source off the conversation; false where it did not lie there. */
export function leave() {
  if (!covered()) return false;
  lie(false);
  contents();
  return true;
}

function lie(over) {
  pane.classList.toggle("over", over);
  for (const other of document.querySelectorAll(".skip, #masthead, .talk, .foot")) other.inert = over;
  for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"]]) {
    if (over) pane.setAttribute(name, value);
    else pane.removeAttribute(name);
  }
}

one("#close-source").addEventListener("click", contents);
one("#leave-source").addEventListener("click", () => history.back());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (covered()) history.back();
  else if (pane.contains(event.target) && !bar.hidden) contents();
});
wide.addEventListener("change", () => {
  if (covered()) lie(false); // a phone that was turned: the source stands beside the conversation now
});
