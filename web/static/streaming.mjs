// Asks over /api/ask/stream and reads its server-sent events, which a browser's own EventSource can't: it only gets.
// In: a request of the API. Out: the reply; each citation is told as it comes.

/** The server said no, and why. */
export class Refused extends Error {
  constructor(said) {
    super([said?.message, said?.remedy].filter(Boolean).join(". ") + ".");
    this.field = said?.field ?? "";
  }
}

export async function stream(asked, wait, onCitation) {
  const response = await fetch("/api/ask/stream", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
    signal: AbortSignal.timeout(wait),
  });
  if (!response.ok) throw new Refused((await response.json()).error);
  for await (const { name, value } of events(response.body)) {
    if (name === "citation") onCitation(value);
    if (name === "error") throw new Refused(value.error);
    if (name === "reply") return value;
  }
  throw new Error("the stream ended before its reply");
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    kept += value;
    const blocks = kept.split(/\r?\n\r?\n/);
    kept = blocks.pop();
    for (const block of blocks) {
      const name = /^event: ?(.*)$/m.exec(block)?.[1].trim();
      const lines = [...block.matchAll(/^data: ?(.*)$/gm)].map((match) => match[1]);
      if (name && lines.length) yield { name, value: JSON.parse(lines.join("\n")) };
    }
  }
}
