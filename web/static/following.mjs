// The outline follows the scrolling: which section stands at the top of what is seen.

/** Calls `tell` with the heading that the reader is under, now and whenever another one is; returns how to stop. */
export function follow(root, pane, tell) {
  let last;
  let waiting = false;
  const scroller = pane ?? document;
  function look() {
    waiting = false;
    const line = (pane ? pane.getBoundingClientRect().top : 0) + 140; // pixels: under the bar
    let here = null;
    for (const heading of root.querySelectorAll("[id^='s-']")) {
      if (heading.getBoundingClientRect().top > line) break;
      here = heading;
    }
    if (here !== last) tell((last = here));
  }
  function later() {
    if (!waiting) requestAnimationFrame(look);
    waiting = true;
  }
  scroller.addEventListener("scroll", later, { passive: true });
  look();
  return () => scroller.removeEventListener("scroll", later);
}
