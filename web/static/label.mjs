// The source view: follows #c-START-END where the server has not marked it already.
import { mark, place } from "./marking.mjs";

const text = document.querySelector("#label-text");

function follow() {
  const cited = place(location.hash);
  if (!cited) return;
  const marked = document.getElementById(location.hash.slice(1)) ?? mark(text, cited);
  marked?.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", follow);
follow();

// On a phone the contents would push the label below the fold.
const contents = document.querySelector(".contents details");
if (contents && matchMedia("(max-width: 899px)").matches) contents.open = false;
