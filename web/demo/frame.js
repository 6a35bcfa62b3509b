// The portal's side of the frame: it grows with its content. Only messages of the assistant's own origin are heard.
const frame = document.querySelector("#frame");
addEventListener("message", (event) => {
  if (event.origin !== frame.dataset.assistant || event.source !== frame.contentWindow) return;
  if (event.data?.type === "label-assistant:resize") frame.height = event.data.height;
});
