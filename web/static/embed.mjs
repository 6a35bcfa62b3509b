// The page for a frame: tells the page around it how high it is, and takes questions from it. Only the one origin that
// the server has checked is told or heard.
const assistant = document.querySelector("label-assistant");
const host = document.documentElement.dataset.host;
let told = 0;

function tell(type, more = {}) {
  parent.postMessage({ type: `label-assistant:${type}`, ...more }, host);
}

new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height !== told) tell("resize", { height: (told = height) });
}).observe(document.body);

for (const name of ["ready", "ask", "answer", "error"]) {
  assistant.addEventListener(`label-assistant:${name}`, (event) => tell(name, { detail: event.detail }));
}

addEventListener("message", (event) => {
  if (event.origin !== host || event.source !== parent) return;
  if (event.data?.type === "label-assistant:ask") assistant.ask(event.data.question);
});

tell("ready");
