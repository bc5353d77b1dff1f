// A column of the course is drawn up and down by the hand, in steps of half a minute. A tap without drawing shows that session.
{
  const { drawing, number, seconds, nearest } = globalThis.studioReach;
  const { drawAll, send, show } = globalThis.studioCurve;
  const SNAP = 30;
  let drawn = null;
  let wasDrawn = false;

  const heightOf = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing().getScreenCTM().inverse()).y;
  const topOf = (column) => {
    const { floor, scale } = drawing().dataset;
    return Number(floor) - seconds(column, number(column, "now")) * Number(scale);
  };
  const percentAt = (column, event) => {
    const { floor, scale } = drawing().dataset;
    const wanted = (Number(floor) - (heightOf(event) - drawn.held)) / Number(scale);
    return nearest(column, Math.round(wanted / SNAP) * SNAP);
  };

  document.addEventListener("pointerdown", (event) => {
    const column = event.target.closest?.(".sc")?.querySelector("[data-column]");
    if (!column || event.button !== 0 || !event.target.matches(".sc-grab, .sc-slider")) return;
    if (event.pointerType === "touch" && !event.target.matches(".sc-grab")) return;
    drawn = { column, held: heightOf(event) - topOf(column), from: event.clientY, moved: false };
    event.preventDefault();
    column.focus({ preventScroll: true, focusVisible: false }); // the hand is here, and the keys go on from here
    column.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drawn || (!drawn.moved && Math.abs(event.clientY - drawn.from) < 4)) return;
    drawn.moved = true;
    drawAll(drawn.column, percentAt(drawn.column, event));
  });
  document.addEventListener("pointerup", () => {
    const was = drawn;
    drawn = null;
    wasDrawn = Boolean(was?.moved);
    if (wasDrawn) send(was.column);
  });
  document.addEventListener("pointercancel", () => {
    if (drawn) drawAll(drawn.column, number(drawn.column, "now"));
    drawn = null;
  });
  document.addEventListener("click", (event) => {
    const column = event.target.closest?.(".sc-slider, .sc-grab")?.closest(".sc").querySelector("[data-column]");
    if (column && !wasDrawn) show(column);
    if (event.isTrusted) wasDrawn = false;
  });
}
