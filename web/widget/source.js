// A label in the dialog: its text with its headings, its tables as tables, the cited place marked and the figure in it.

/** The whole label as elements. */
function labelText({ sections, tables }, letters, cited) {
  const slice = (start, end) => letters.slice(start, end).join("");
  const looks = [...looksOf(cited)];
  const heads = sections.filter((one) => one.heading.end > one.heading.start).map(({ heading: { start, end } }) => ({
    start, end, shown: () => h("h3", {}, ...marked(slice(start, end), start, looks)),
  }));
  const grids = tables.filter((one) => one.resolved && one.lines.length).map((one) => ({ start: one.start, end: one.end, shown: () => labelTable(one, cited) }));
  const shown = [];
  let at = 0;
  const stretch = (end) => {
    const text = slice(at, end);
    if (text.trim()) shown.push(h("p", {}, ...marked(text, at, looks)));
    at = Math.max(at, end);
  };
  for (const piece of [...heads, ...grids].sort((one, other) => one.start - other.start)) {
    if (piece.start < at) continue;
    stretch(piece.start);
    shown.push(piece.shown());
    at = piece.end;
  }
  stretch(letters.length);
  return shown;
}

/** The cited stretch cut at its figures, so that each part has one look. */
function* looksOf({ start, end, highlights }) {
  let at = start;
  for (const figure of highlights) {
    yield { start: at, end: figure.start };
    yield { ...figure, look: "mark.figure" };
    at = figure.end;
  }
  yield { start: at, end };
}

function labelTable(table, cited) {
  let group = "";
  const rows = table.lines.flatMap((row) => {
    const name = row.group.join(" › ");
    const above = name && name !== group ? [h("tr", {}, h("th.soft", { colspan: table.columns.length + 1, scope: "rowgroup" }, name))] : [];
    group = name;
    const here = cited.start < row.end && row.start < cited.end;
    const values = row.values.map((value, place) => h(here && place === cited.table?.answering_column ? "td.here" : "td", {}, value));
    return [...above, h(here ? "tr.cited" : "tr", {}, h("th", { scope: "row" }, row.label), values)];
  });
  const heads = headRows(table.columns.map((one) => one.header), table.row_head);
  return h("div.grid", {}, h("div.scroll", { role: "region", tabindex: 0, "aria-label": table.caption || "Table" },
    h("table", {}, h("caption", {}, table.caption), h("thead", {}, heads), h("tbody", {}, rows))), table.footnotes.map((note) => h("p.soft", {}, note)));
}
