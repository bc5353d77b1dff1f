// A tap on the drawing writes a row of the list, or leads to the row that says it already; the last one can be undone.
{
  const { form, all, field, value, sidesOf } = globalThis.chartRows;
  const { board, draw, brush } = globalThis.chartMarks;
  const { fresh, takeAway, lastMade } = globalThis.chartList;
  const said = form.querySelector("[data-said]");

  const tell = (words, group) => {
    said.textContent = `${words}: ${group.querySelector("title").textContent.split(".")[0]}`;
  };

  const tap = (group) => {
    const kind = brush();
    const { zone, side } = group.dataset;
    const known = all().find((row) => value(row, "zone") === zone && sidesOf(row).includes(side) && value(row, "kind") === kind);
    if (known) {
      field(known, "level").focus();
      return;
    }
    const row = fresh();
    field(row, "zone").value = zone;
    field(row, "side").value = side === "both" ? "" : side;
    field(row, "kind").value = kind;
    draw();
    row.scrollIntoView({ block: "nearest" });
    tell(said.dataset.marked, group);
  };

  const undo = () => {
    const row = lastMade();
    if (!row) {
      return;
    }
    const group = board.querySelector(`[data-place="${CSS.escape(`${value(row, "zone")}-${sidesOf(row)[0]}`)}"]`);
    takeAway(row);
    if (group) {
      tell(said.dataset.taken, group);
    }
  };

  form.querySelector("[data-brush]").hidden = false;
  form.classList.add("is-live");
  board.addEventListener("click", (event) => {
    const group = event.target.closest("[data-place]");
    if (group) {
      tap(group);
    }
  });
  form.querySelector("[data-undo]").addEventListener("click", (event) => {
    event.preventDefault();
    undo();
  });
}
