// Asks the server for a page or a turn, as a document of its own: text is never parsed as markup by a script.

export const WAIT = 30_000; // milliseconds until the reader is told that nothing came

export function load(method, address, values) {
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
