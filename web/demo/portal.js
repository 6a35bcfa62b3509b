// The portal's side of the widget: where its token comes from, and what it does with an answer.
for (const element of document.querySelectorAll("label-assistant")) {
  element.tokenProvider = async () => (await (await fetch("/token")).json()).token;
  element.addEventListener("label-assistant:answer", (event) => {
    document.querySelector("#heard").textContent = `Answered: ${event.detail.kind}`;
  });
}
