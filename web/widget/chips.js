// What was understood, as chips: each can be changed or left out, which asks again.

const SLOTS = ["topic", "condition", "population", "trial", "arm", "dose", "grade", "measure"];

/** Chips to read alone. */
function fixedChips(understood) {
  const known = SLOTS.filter((slot) => understood[slot]);
  return known.map((slot) => ({ slot, name: slot, text: slot === "grade" ? `grade ${understood.grade}` : understood[slot], options: [], removable: false, typed: false }));
}

/** A list of chips; `change(slot, value)` asks again, an empty value leaves the slot out. */
function chipList(chips, name, topics, change) {
  return h("ul.chips", { "aria-label": "Understood as" }, chips.map((chip) => h("li", {}, chipBody(chip, name, topics, change),
    chip.removable ? h("button.remove", { type: "button", "aria-label": `Ask without ${chip.text}`, onclick: () => change(chip.slot, "") }, "×") : null)));
}

function chipBody(chip, name, topics, change) {
  if (!chip.options.length && !chip.typed) return h("span", { title: chip.name }, chip.text);
  const options = chip.options.map(({ value, text }) => h("button.quiet", { type: "button", onclick: () => pick(value) }, text));
  const menu = h("details", { name: `chips-${name}` }, h("summary", { "aria-label": `${chip.text}, change the ${chip.name}` }, chip.text),
    h("div.menu", {}, chip.typed ? typed(chip, name, topics, (value) => pick(value)) : null, options));
  function pick(value) {
    menu.open = false;
    change(chip.slot, value);
  }
  return menu;
}

function typed(chip, name, topics, pick) {
  const box = h("input", { list: `${name}-topics`, maxlength: 200, required: true, autocomplete: "off" });
  const form = h("form", {}, h("label", {}, "Ask the same about", box), h("datalist", { id: `${name}-topics` }, topics.map((value) => h("option", { value }))), h("button", {}, "Ask"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    pick(box.value.trim());
  });
  return form;
}

/** Closes every open menu but the one that holds `inside`; whether one was open, whose chip then has the focus. */
function closeMenus(panel, inside = null) {
  const open = [...panel.querySelectorAll(".chips details[open]")].filter((menu) => !menu.contains(inside));
  for (const menu of open) menu.open = false;
  if (!inside) open[0]?.querySelector("summary").focus();
  return open.length > 0;
}
