// The chat page, made quicker: asks without leaving the page and opens sources beside the answer.
// Everything works without it. The server renders every turn; this file only moves what it rendered into place, through
// XMLHttpRequest's own document parser, so that no text is ever parsed as markup here.
import { beside, leave, open, wide } from "./beside.mjs";
import { load, WAIT } from "./loading.mjs";
import { Refused, stream } from "./streaming.mjs";

const one = (selector) => document.querySelector(selector);
const log = one("#log");
const form = one("#ask");
const box = one("#question");
const problem = one("#problem");
const pending = one("#pending");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const SOON = 150; // milliseconds in which an answer needs no preview
let busy = false;

// Asking

async function ask(values, shown) {
  const question = String(values.get("question") ?? "").trim();
  if (busy || !(question || values.get("slot"))) return box.focus();
  const longest = Number(box.dataset.longest);
  const length = [...question].length;
  if (length > longest) {
    return refuse(`The question has ${length.toLocaleString("en")} characters. Give 1 to ${longest.toLocaleString("en")} characters.`, question);
  }
  wait(shown || question);
  try {
    const request = await (values.get("slot") ? load("POST", "/ask", values) : streamed(values, question));
    const turn = request.response?.querySelector(".turn");
    if (turn) receive(document.adoptNode(turn), request.response);
    else if (request.status === 404) forget(question);
    else refuse(request.response?.querySelector(".problem")?.textContent ?? "Something went wrong. Ask again.", question);
  } catch (error) {
    if (!(error instanceof Refused)) refuse("No reply came. Check the connection and ask again.", question);
    else if (error.field === "conversation_id") forget(question);
    else refuse(error.message, question);
  }
}

/** The reply as events, its quotes shown as they come; then the turn as the server renders it. */
async function streamed(values, question) {
  const label = values.get("label");
  const asked = { question, conversation_id: values.get("conversation_id") || null, labels: label ? [label] : null };
  const reply = await stream(asked, WAIT, preview);
  return load("GET", `/c/${encodeURIComponent(reply.conversation_id)}/${encodeURIComponent(reply.turn_id)}`);
}

function preview(citation) {
  const quote = document.createElement("blockquote");
  quote.className = "small";
  quote.textContent = citation.quote;
  const began = pending.dataset.began;
  setTimeout(() => {
    if (busy && pending.dataset.began === began) pending.querySelector(".coming").append(quote);
  }, SOON);
}

function wait(question) {
  busy = true;
  problem.hidden = true;
  box.removeAttribute("aria-invalid");
  form.setAttribute("aria-busy", "true");
  box.value = "";
  pending.dataset.began = String(performance.now());
  pending.querySelector(".asked").textContent = question;
  pending.querySelector(".waiting").textContent = "Searching the label…";
  pending.hidden = false;
  pending.scrollIntoView({ block: "nearest" });
  box.focus({ preventScroll: true });
}

function settle() {
  busy = false;
  form.removeAttribute("aria-busy");
  pending.hidden = true;
  pending.querySelector(".waiting").textContent = "";
  pending.querySelector(".coming").replaceChildren();
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
  for (const link of document.querySelectorAll("a[data-keep]")) {
    link.href = `/c/${encodeURIComponent(conversation)}/conversation.${link.dataset.keep}`;
    link.parentElement.hidden = !conversation;
  }
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
    if (product && values.get("slot") === "product") product.value = values.get("value");
    if (product && !values.has("label")) values.set("label", product.value);
    for (const menu of sent.closest(".understood")?.querySelectorAll(".chip details") ?? []) menu.open = false;
    ask(values, changed(sent, event.submitter));
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

/** What the reader asked for with a chip, until the server words it. */
function changed(sent, button) {
  if (!sent.querySelector("[name=slot]")) return "";
  return sent.querySelector("[list]")?.value ?? button?.getAttribute("aria-label") ?? `Ask about ${button?.textContent}`;
}

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.(".chip details[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".chip details[open]")) if (!menu.contains(event.target)) menu.open = false;
});

one("#ask select[name=label]")?.addEventListener("change", (event) => {
  const label = event.target.value;
  if (!log.children.length) location.assign(label ? `/?label=${encodeURIComponent(label)}` : "/");
});

// The way back closes the source first; a page that history brings back is the server's to show, also where it was
// brought back before this file ran.
addEventListener("popstate", () => {
  if (!leave() && !location.hash) location.reload();
});
if (location.pathname !== log.dataset.address && !location.pathname.includes("%")) location.reload();

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
  for (const button of root.querySelectorAll("[data-copy], .print")) button.hidden = false;
  for (const cell of root.querySelectorAll(".scroll td.answering")) {
    const pane = cell.closest(".scroll");
    requestAnimationFrame(() => (pane.scrollLeft = cell.offsetLeft + cell.offsetWidth - pane.clientWidth + 12)); // once it is laid out
  }
}

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".turn details:not(.chip details, .comment)")) folded.open = true;
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) return copy(button);
  if (event.target.closest(".print")) return print();
  const link = event.target.closest("a[data-source]");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !plain) return;
  event.preventDefault();
  if (!(await open(link, !link.closest(".cited-by")))) location.assign(link.href);
});

enliven(document);
if (wide.matches) box.focus({ preventScroll: true }); // on a phone the keyboard would cover the page
const last = [...log.children].at(-1);
if (last && !location.hash) last.scrollIntoView({ block: "start" });
beside(location.hash ? document.getElementById(location.hash.slice(1)) : last);
