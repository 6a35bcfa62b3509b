// The chat page, made quicker: asks without leaving the page and opens sources beside the answer.
// Everything works without it. The server renders every turn; this file only moves what it rendered into place, through
// XMLHttpRequest's own document parser, so that no text is ever parsed as markup here.
import { mark, place } from "./marking.mjs";

const one = (selector) => document.querySelector(selector);
const log = one("#log");
const form = one("#ask");
const box = one("#question");
const problem = one("#problem");
const pending = one("#pending");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const wide = matchMedia("(min-width: 1000px) and (min-height: 560px)");
const WAIT = 30_000; // milliseconds until the reader is told that nothing came
let busy = false;

function load(method, address, values) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document";
    request.timeout = WAIT;
    request.setRequestHeader("X-Part", "turn");
    request.onload = () => resolve(request);
    request.onerror = request.ontimeout = () => reject(new Error("no reply"));
    request.send(values ? new URLSearchParams(values) : null);
  });
}

// Asking

async function ask(values) {
  const question = String(values.get("question") ?? "").trim();
  if (busy || !question) return box.focus();
  wait(question);
  try {
    const request = await load("POST", "/ask", values);
    const turn = request.response?.querySelector(".turn");
    if (turn) receive(document.adoptNode(turn), request.response);
    else if (request.status === 404) forget(question);
    else refuse(request.response?.querySelector(".problem")?.textContent ?? "Something went wrong. Ask again.", question);
  } catch {
    refuse("No reply came. Check the connection and ask again.", question);
  }
}

function wait(question) {
  busy = true;
  problem.hidden = true;
  box.removeAttribute("aria-invalid");
  form.setAttribute("aria-busy", "true");
  box.value = "";
  pending.querySelector(".asked").textContent = question;
  pending.querySelector(".waiting").textContent = "Searching the label…";
  pending.hidden = false;
  pending.scrollIntoView({ block: "nearest" });
  box.focus();
}

function settle() {
  busy = false;
  form.removeAttribute("aria-busy");
  pending.hidden = true;
  pending.querySelector(".waiting").textContent = "";
}

function receive(turn, brought) {
  settle();
  dress(brought);
  one(".welcome")?.remove();
  enliven(turn);
  log.append(turn);
  const conversation = turn.dataset.conversation;
  carry(conversation);
  const address = `/c/${encodeURIComponent(conversation)}`;
  if (location.pathname !== address) history.pushState(null, "", address);
  box.placeholder = "Ask a follow-up";
  box.focus({ preventScroll: true });
  turn.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  beside(turn);
}

/** The server no longer keeps this conversation: the same question, asked again, begins a new one. */
function forget(question) {
  carry("");
  refuse("This conversation is no longer kept. Ask again to begin a new one.", question);
}

function carry(conversation) {
  for (const field of document.querySelectorAll("form[data-ask] [name=conversation_id]")) field.value = conversation;
}

/** The masthead and reporting line of the product that the answer is about. */
function dress(brought) {
  const masthead = brought.querySelector("#masthead");
  if (masthead.textContent !== one("#masthead").textContent) one("#masthead").replaceWith(document.adoptNode(masthead));
  const reporting = brought.querySelector("body > .reporting");
  for (const line of document.querySelectorAll(".reporting")) line.replaceWith(document.importNode(reporting, true));
}

function refuse(message, question) {
  settle();
  problem.textContent = message;
  problem.hidden = false;
  box.setAttribute("aria-invalid", "true");
  box.setAttribute("aria-describedby", "problem");
  if (!box.value) box.value = question;
  box.focus();
}

document.addEventListener("submit", (event) => {
  const sent = event.target;
  if (sent.matches("form[data-ask]")) {
    event.preventDefault();
    const values = new FormData(sent, event.submitter);
    const product = one("#ask select[name=label]");
    if (product && !values.has("label")) values.set("label", product.value);
    ask(values);
  } else if (sent.matches("form[data-feedback]")) {
    event.preventDefault();
    rate(sent, new FormData(sent, event.submitter));
  }
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

// A page that history brings back is the server's to show.
addEventListener("popstate", () => {
  if (!location.hash) location.reload();
});

// Rating and copying

async function rate(sent, values) {
  const said = document.createElement("span");
  said.className = "thanks";
  said.setAttribute("role", "status");
  try {
    const request = await load("POST", "/feedback", values);
    said.textContent = request.status < 400 ? "Thank you, noted." : "That could not be kept.";
  } catch {
    said.textContent = "No connection: that could not be kept.";
  }
  sent.replaceWith(said);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    copyBySelecting(button.dataset.copy); // no clipboard without https
  }
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), 1600);
}

function copyBySelecting(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function enliven(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

// The source beside the answer

const text = one("#source-text");
const bar = one(".source-bar");
let opener = null;

async function open(link, focus) {
  const address = new URL(link.href);
  const page = await fetchLabel(address);
  if (!page) return false;
  one("#contents").hidden = true;
  text.hidden = bar.hidden = false;
  bar.querySelector(".open-page").href = link.href;
  bar.querySelector("h2").textContent = page.dataset.name;
  for (const other of document.querySelectorAll("a.number[aria-current]")) other.removeAttribute("aria-current");
  if (link.matches(".number")) link.setAttribute("aria-current", "true");
  show(address);
  if (focus) {
    opener = link;
    bar.querySelector("h2").focus({ preventScroll: true });
  }
  return true;
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
  const pane = one("#source");
  if (!there) return pane.scrollTo({ top: 0 });
  const middle = cited ? pane.clientHeight / 3 : bar.offsetHeight + 12;
  pane.scrollTop += there.getBoundingClientRect().top - pane.getBoundingClientRect().top - middle;
}

function beside(turn) {
  const link = turn?.querySelector(".headline a.number, .proof a.number");
  if (link && wide.matches) open(link, false);
}

function contents() {
  text.hidden = bar.hidden = true;
  one("#contents").hidden = false;
  opener?.focus();
  opener = null;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) return copy(button);
  const link = event.target.closest("a[data-source]");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || !wide.matches) return;
  event.preventDefault();
  if (!(await open(link, true))) location.assign(link.href);
});

one("#close-source").addEventListener("click", contents);
one("#source").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !bar.hidden) contents();
});

enliven(document);
if (wide.matches) box.focus({ preventScroll: true }); // on a phone the keyboard would cover the page
const last = [...log.children].at(-1);
if (last && !location.hash) last.scrollIntoView({ block: "start" });
beside(location.hash ? document.getElementById(location.hash.slice(1)) : last);
