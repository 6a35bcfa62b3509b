// <label-assistant>: the assistant as one custom element for a portal's page. No dependency, one file.
//
//   <script src="https://assistant.example/widget/VERSION/widget.js" integrity="sha384-…" crossorigin="anonymous" defer></script>
//   <label-assistant product="besponsa" mode="inline"></label-assistant>
//
// Attributes  product (label id, set id or name) · mode ("inline" or "launcher") · heading · server (default: the script's)
// Property    tokenProvider: async () => token, which the portal's server got with its key
// Methods     ask(question) · open() · close()
// Events      label-assistant:ready, :ask, :answer (detail: the reply), :source, :open, :close, :error
// Theme       --la-accent, --la-on-accent, --la-paper, --la-card, --la-ink, --la-soft, --la-line, --la-mark, --la-figure,
//             --la-warn, --la-radius, --la-font; ::part(launcher panel header card headline quote source-dialog ask button)
//
// Text reaches the page as text nodes only; the style is a constructed sheet, so that a policy without unsafe-inline holds.
// Served as one file: parts.js, chips.js, source.js, widget.css as STYLE, then this.

class LabelAssistant extends HTMLElement {
  static observedAttributes = ["mode", "heading", "product"];
  #token = "";
  #conversation = null;
  #labels = new Map();
  #texts = new Map();
  #busy = false;
  #numbers = 0;
  #topics = [];
  #root;
  #parts = {};
  /** Gives a token for this page's origin; left null on the assistant's own pages. */
  tokenProvider = null;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    if (!this.#parts.panel) this.#build();
    this.#say("ready");
    if (this.tokenProvider || this.#server === location.origin) this.#dress();
  }

  attributeChangedCallback(name) {
    if (!this.#parts.panel) return;
    if (name === "product" && this.isConnected) this.#dress();
    else this.#shape();
  }

  /** Ask as if the reader had typed it; resolves to the reply, or null where none came. */
  async ask(question) {
    const text = String(question ?? "").trim();
    if (!text || this.#busy) return null;
    const product = this.getAttribute("product");
    return this.#asked(text, product ? [product] : null, async () => text);
  }

  /** `words` gives the question, once it is known; `text` comes back into the box where no reply does. */
  async #asked(text, labels, words) {
    this.#wait(text);
    try {
      const question = await words();
      this.#say("ask", { question });
      const reply = await this.#api("POST", "/api/ask", { question, conversation_id: this.#conversation, labels });
      this.#conversation = reply.conversation_id;
      const chips = await this.#offered(reply);
      this.#settle();
      this.#show(reply, chips);
      this.#say("answer", reply);
      return reply;
    } catch (error) {
      if (error.field === "conversation_id") this.#conversation = null;
      this.#settle();
      this.#refuse(error.told ? error.message : "No reply came. Check the connection and ask again.", text);
      this.#say("error", { message: error.message });
      return null;
    }
  }

  /** Ask again with one slot changed, or left out where `value` is empty; the server words the question. */
  #change(reply, slot, value) {
    if (this.#busy) return;
    const product = this.getAttribute("product");
    const labels = slot === "product" ? value && [value] : product && [product];
    this.#parts.box.focus({ preventScroll: true });
    this.#asked(reply.standalone_question || reply.question, labels || null, async () =>
      (await this.#api("POST", `${turnPath(reply)}/question`, { slot, value })).question);
  }

  /** What a reader may change, from the server; where that can't be had, what was understood, to read alone. */
  #offered(reply) {
    const product = this.getAttribute("product");
    return this.#api("GET", `${turnPath(reply)}/chips`).then((all) => all.filter((one) => !product || one.slot !== "product"), () => fixedChips(reply.understood));
  }

  open() {
    this.#parts.panel.hidden = false;
    this.#parts.launcher.setAttribute("aria-expanded", "true");
    this.#parts.box.focus();
    this.#dress();
    this.#say("open");
  }

  close() {
    if (this.getAttribute("mode") !== "launcher") return;
    this.#parts.panel.hidden = true;
    this.#parts.launcher.setAttribute("aria-expanded", "false");
    this.#parts.launcher.focus();
    this.#say("close");
  }

  // Talking to the server

  get #server() {
    return this.getAttribute("server") ? new URL(this.getAttribute("server"), location.href).origin : HOME;
  }

  async #api(method, path, sent = null, again = true) {
    const headers = sent ? { "Content-Type": "application/json" } : {};
    if (!this.#token && this.tokenProvider) this.#token = String((await this.tokenProvider()) ?? "");
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    const response = await fetch(this.#server + path, {
      method, headers, body: sent && JSON.stringify(sent), credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(WAIT),
    });
    if (response.status === 401 && again && this.tokenProvider) {
      this.#token = "";
      return this.#api(method, path, sent, false);
    }
    if (!response.ok) {
      const said = (await response.json().catch(() => ({}))).error ?? { message: "Something went wrong" };
      const error = new Error([said.message, said.remedy].filter(Boolean).join(". ") + ".");
      throw Object.assign(error, { told: true, field: said.field });
    }
    if (response.status === 204) return null;
    return (response.headers.get("content-type") ?? "").includes("json") ? response.json() : response.text();
  }

  #label(id) {
    if (!this.#labels.has(id)) {
      this.#labels.set(id, this.#api("GET", `/api/labels/${encodeURIComponent(id)}`).catch((error) => {
        this.#labels.delete(id);
        throw error;
      }));
    }
    return this.#labels.get(id);
  }

  #text(id) {
    if (!this.#texts.has(id)) this.#texts.set(id, this.#api("GET", `/api/labels/${encodeURIComponent(id)}/text`).then((text) => [...text]));
    return this.#texts.get(id);
  }

  #say(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`label-assistant:${name}`, { detail, bubbles: true, composed: true }));
  }

  // The frame

  #build() {
    const part = this.#parts;
    part.box = h("textarea", { rows: 1, id: "box", placeholder: "Ask the label", autocomplete: "off", part: "ask", maxlength: 2000 });
    part.problem = h("p.problem", { role: "alert", hidden: true });
    part.title = h("h2", { id: "title" });
    part.boxed = h("p.boxed", { hidden: true });
    part.report = h("span", {}, "To report an adverse event: ", spoken("1-800-FDA-1088"), " (FDA MedWatch). ");
    part.log = h("div.log", { role: "log", "aria-label": "Questions and answers", tabindex: 0, part: "log" }, h("p.soft", {}, "Every answer is a quote from the label, with the place where it stands."));
    part.status = h("p.soft", { role: "status" });
    part.shut = h("button.plain", { type: "button", onclick: () => this.close() }, "Close");
    const send = h("button", { part: "button" }, "Ask");
    part.form = h("form", {}, part.problem, h("div.line", {}, h("label.unseen", { for: "box" }, "Question"), part.box, send));
    const foot = h("footer", { part: "footer" }, part.report, "Automated: it only quotes the label, which may differ from the latest FDA-approved labeling. For U.S. health-care professionals.");
    part.panel = h("section.panel", { part: "panel", "aria-labelledby": "title" }, h("header", { part: "header" }, part.title, part.shut), part.boxed, part.log, part.form, foot);
    part.launcher = h("button.launcher", { type: "button", part: "launcher", "aria-expanded": "false", onclick: () => (part.panel.hidden ? this.open() : this.close()) }, "Ask the label");
    part.text = h("div.source", { tabindex: 0, role: "region", "aria-label": "Label text" });
    part.named = h("h2", { tabindex: -1, id: "named" });
    part.whole = h("a", { target: "_blank", rel: "noopener noreferrer" }, "Whole label");
    part.dialog = h("dialog", { part: "source-dialog", "aria-labelledby": "named" },
      h("header", {}, part.named, part.whole, h("button.plain", { type: "button", onclick: () => part.dialog.close() }, "Close")), part.text);
    part.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(part.box.value);
    });
    part.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      part.form.requestSubmit();
    });
    part.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (!closeMenus(part.panel)) this.close();
    });
    part.panel.addEventListener("click", (event) => closeMenus(part.panel, event.target));
    this.#root.append(part.panel, part.launcher, part.dialog);
    this.#shape();
  }

  #shape() {
    const part = this.#parts;
    const launcher = this.getAttribute("mode") === "launcher";
    part.launcher.hidden = part.shut.hidden = !launcher;
    part.panel.hidden = launcher && part.launcher.getAttribute("aria-expanded") !== "true";
    if (!part.title.firstChild || this.hasAttribute("heading")) part.title.textContent = this.getAttribute("heading") || "Label assistant";
  }

  /** Product, version, boxed warning and reporting number, once they are known. */
  async #dress(id = this.getAttribute("product")) {
    const part = this.#parts;
    if (!id) return;
    try {
      const { label, boxed_warning, reporting_number, sections, tables } = await this.#label(id);
      this.#topics = [...new Set(tables.flatMap((one) => one.rows))].slice(0, 60);
      const version = [label.generic, label.approval_code || (label.version && `version ${label.version}`), label.effective].filter(Boolean).join(" · ");
      part.title.replaceChildren(visible(this.getAttribute("heading") || label.name), h("small", {}, version));
      part.report.replaceChildren("To report an adverse event: ", ...spoken(reporting_number), ". ");
      const title = boxed_warning && sections.find((one) => one.start === boxed_warning.start && one.end === boxed_warning.end)?.title.replace(/^(boxed )?warnings?:? */i, "");
      part.boxed.hidden = !boxed_warning;
      if (boxed_warning) {
        const place = { label, section: [], start: boxed_warning.start, end: boxed_warning.end, highlights: [] };
        part.boxed.replaceChildren(h("b", {}, "Boxed warning"), visible(` ${title} `), h("button.plain", { type: "button", onclick: () => this.#source(place) }, "Read in full"));
      }
    } catch (error) {
      this.#say("error", { message: error.message });
    }
  }

  #wait(question) {
    const part = this.#parts;
    this.#busy = true;
    part.problem.hidden = true;
    part.box.value = "";
    part.status.textContent = "Searching the label…";
    part.log.after(part.status);
    part.asking = question;
  }

  #settle() {
    this.#busy = false;
    this.#parts.status.textContent = "";
    this.#parts.status.remove();
  }

  #refuse(message, question) {
    const part = this.#parts;
    part.problem.textContent = message;
    part.problem.hidden = false;
    if (!part.box.value) part.box.value = question;
    part.box.focus();
  }

  // A reply

  #show(reply, chips) {
    const first = reply.notices.filter((one) => FIRST.includes(one.kind));
    const then = reply.notices.filter((one) => !FIRST.includes(one.kind) && one.kind !== "boxed_warning");
    const cited = new Map(reply.citations.map((one) => [one.number, one]));
    const name = `turn-${(this.#numbers += 1)}`;
    const about = reply.understood.label;
    if (about && !this.getAttribute("product")) this.#dress(about);
    const turn = h("article", { "aria-labelledby": name },
      h("h3.asked", { id: name }, reply.question),
      h("div.card", { part: "card" }, first.map((one) => this.#notice(one, cited)), this.#chips(reply, chips, name), this.#body(reply, cited), this.#close(reply, cited),
        then.map((one) => this.#notice(one, cited)), this.#tools(reply, cited)));
    if (this.#numbers === 1) this.#parts.log.replaceChildren();
    this.#parts.log.append(turn);
    for (const cell of turn.querySelectorAll(".scroll td.here")) cell.closest(".scroll").scrollLeft = cell.offsetLeft + cell.offsetWidth - cell.closest(".scroll").clientWidth + 8;
    turn.scrollIntoView({ block: "nearest" });
    this.#parts.log.scrollTop = turn.offsetTop - this.#parts.log.offsetTop - 8;
  }

  #chips(reply, chips, name) {
    const { standalone_question, question } = reply;
    const taken = standalone_question && standalone_question !== question ? h("p.soft", {}, `taken as: ${standalone_question}`) : null;
    return [taken, chips.length ? chipList(chips, name, this.#topics, (slot, value) => this.#change(reply, slot, value)) : null];
  }

  #body(reply, cited) {
    if (reply.kind === "clarification") {
      return [h("h3", {}, "One more detail"), h("p", {}, reply.message),
        h("div.choices", {}, reply.choices.map((one) => h("button", { type: "button", part: "button", onclick: () => this.ask(one.question) }, one.text)))];
    }
    if (reply.kind === "no_answer") {
      const near = reply.nearest.length
        ? h("section.near", {}, h("h3", {}, "Closest passages, not an answer"), reply.nearest.map((one) => this.#proof(one, true))) : null;
      return [h("h3", {}, NO[reply.reason] ?? "No answer"), h("p", {}, ...spoken(reply.message)), near];
    }
    const used = new Set();
    const proofs = reply.statements.flatMap((one) => one.citations).concat(reply.headline?.citation ?? []).filter((one) => cited.has(one) && !used.has(one) && used.add(one));
    const figure = reply.headline && cited.get(reply.headline.citation);
    const headline = reply.headline
      ? h("p.headline", { part: "headline" }, reply.headline.text, " ", this.#number(figure), h("small", {}, this.#about(figure).join(" · "))) : null;
    return [headline, proofs.map((one) => this.#proof(cited.get(one)))];
  }

  #about({ table, about }) {
    const column = table && table.answering_column !== null ? table.columns[table.answering_column] : [];
    return [...new Set([...(table ? [table.row_label, ...column] : []), ...about])];
  }

  #proof(citation, near = false) {
    const quote = citation.table
      ? this.#row(citation, near)
      : h("blockquote", { part: "quote" }, ...marked(citation.quote, citation.start, near ? [] : citation.highlights), " ", this.#number(citation));
    const stands = [citation.section.join(" › "), citation.label.name, versionOf(citation.label), citation.label.effective].filter(Boolean).join(" · ");
    return h("figure", {}, quote, h("figcaption", {}, stands));
  }

  #row(citation, near) {
    const { table } = citation;
    const values = table.values.map((value, place) => h(!near && place === table.answering_column ? "td.here" : "td", {}, value || "—"));
    const notes = table.footnotes.map((note) => h("p.soft", {}, `${note.mark} ${note.text}`, note.certain ? "" : " (the label lost this note’s mark)"));
    return h("div", {}, h("div.scroll", { role: "region", tabindex: 0, "aria-label": table.caption || "Table" },
      h("table", {}, h("caption", {}, table.caption, " ", this.#number(citation)), h("thead", {}, headRows(table.columns, table.row_head)),
        h("tbody", {}, table.row_group ? h("tr", {}, h("th.soft", { colspan: table.columns.length + 1 }, table.row_group)) : null,
          h(near ? "tr" : "tr.cited", {}, h("th", { scope: "row" }, table.row_label), values)))), notes);
  }

  #number(citation) {
    return h("button.number", { type: "button", "aria-label": `Source ${citation.number}`, onclick: () => this.#source(citation) }, String(citation.number));
  }

  #close({ close }, cited) {
    if (!close.length) return null;
    return h("section.near", {}, h("h3", {}, "Close, but another question"),
      h("ul", {}, close.map((one) => h("li", {}, h("b", {}, one.figure), ` ${one.differs} `, cited.has(one.citation) ? this.#number(cited.get(one.citation)) : null))));
  }

  #notice(notice, cited) {
    if (notice.kind === "label_currency") return h("p.soft", {}, notice.text);
    const source = cited.get(notice.citation);
    if (notice.kind === "report_adverse_event") return reportNotice(notice.text, source ? this.#number(source) : null);
    return h(`section.notice.${notice.kind}`, {}, h("h3", {}, HEADINGS[notice.kind] ?? ""), h("p", {}, ...spoken(notice.text), " ", source ? this.#number(source) : null));
  }

  #tools(reply, cited) {
    const copied = [reply.standalone_question || reply.question, reply.headline?.text, ...reply.statements.flatMap((one) => one.citations.slice(0, 1)).map((one) => this.#copy(cited.get(one)))];
    const tools = h("div.tools", {});
    if (reply.kind === "answer") {
      tools.append(copyButton("Copy with citations", copied.filter(Boolean).join("\n\n")));
    }
    for (const [rating, text] of [["helpful", "Helpful"], ["not_helpful", "Not helpful"]]) {
      tools.append(h("button.plain", { type: "button", onclick: () => this.#rate(tools, reply.turn_id, rating) }, text));
    }
    return tools;
  }

  #copy(citation) {
    const { label } = citation;
    const known = [label.name, citation.section.join(" › "), versionOf(label), label.effective && `effective ${label.effective}`, `characters ${citation.start}–${citation.end}`];
    return `“${citation.quote.trim()}”\n— ${known.filter(Boolean).join(", ")}. ${this.#server}${citation.url}`;
  }

  async #rate(tools, turn_id, rating) {
    const said = await this.#api("POST", "/api/feedback", { turn_id, rating, comment: "" }).then(() => "Thank you, noted.", () => "That could not be kept.");
    for (const button of [...tools.querySelectorAll("button")].slice(-2)) button.remove();
    tools.append(h("span.soft", { role: "status" }, said));
  }

  // The source, in a dialog

  async #source(citation) {
    const part = this.#parts;
    const { label } = citation;
    this.#say("source", { label: label.id, start: citation.start, end: citation.end });
    part.named.textContent = visible(label.name);
    part.whole.href = `${this.#server}/labels/${encodeURIComponent(label.id)}?cite=${citation.start}-${citation.end}#c-${citation.start}-${citation.end}`;
    part.text.replaceChildren(h("p.soft", { role: "status" }, "Opening the label…"));
    part.dialog.showModal();
    try {
      const [outline, letters] = await Promise.all([this.#label(label.id), this.#text(label.id)]);
      part.text.replaceChildren(...labelText(outline, letters, citation));
      part.text.querySelector("mark, .cited")?.scrollIntoView({ block: "center" });
      part.named.focus();
    } catch {
      part.text.replaceChildren(h("p.soft", { role: "alert" }, "The label could not be opened."));
    }
  }
}

if (!customElements.get("label-assistant")) customElements.define("label-assistant", LabelAssistant);
