// The source view: follows #c-START-END where the server has not marked it already, shows in the outline which section
// is being read, and searches inside the label.
import { search } from "./finding.mjs";
import { follow } from "./following.mjs";
import { mark, place } from "./marking.mjs";

const text = document.querySelector("#label-text");
const outline = document.querySelector(".contents");

function toPlace() {
  const cited = place(location.hash);
  if (!cited && !location.hash) text.querySelector("mark.cited, tr.cited")?.scrollIntoView({ block: "center" });
  if (!cited) return;
  const marked = document.getElementById(location.hash.slice(1)) ?? mark(text, cited);
  marked?.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", toPlace);
toPlace();
search(document.querySelector(".find"), text);

// The warning above may take one line or three: what sticks below it has to know.
const boxed = document.querySelector(".boxed");
if (boxed) new ResizeObserver(() => document.documentElement.style.setProperty("--boxed", `${boxed.offsetHeight}px`)).observe(boxed);

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.target.closest?.("input")) document.querySelector(".back")?.click();
});

// On a phone the contents would push the label below the fold.
const contents = outline.querySelector("details");
if (matchMedia("(max-width: 899px)").matches) contents.open = false;

follow(text, null, (heading) => {
  outline.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const link = heading && outline.querySelector(`a[href="#${CSS.escape(heading.id)}"]`);
  link?.setAttribute("aria-current", "location");
  if (link && contents.open) outline.scrollTop = link.offsetTop - outline.clientHeight / 2;
});
