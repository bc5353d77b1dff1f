// A column of the course is a slider for the keys: up and down by a minute, to its ends, to its neighbours. A pause sends one act.
{
  const { columns, number, seconds, nearest, beyond } = globalThis.studioReach;
  const { drawAll, send, show } = globalThis.studioCurve;
  const WAIT = 450;
  const MINUTE = 60;
  const minutes = { ArrowUp: 1, ArrowDown: -1, PageUp: 3, PageDown: -3 };
  const neighbours = { ArrowLeft: -1, ArrowRight: 1 };
  let timer = 0;

  // What a key makes of a column; undefined where it means nothing there.
  const percentBy = (key, column) => {
    if (key === "Home") return number(column, "least");
    if (key === "End") return number(column, "most");
    if (!(key in minutes)) return undefined;
    const now = Number(column.getAttribute("aria-valuenow"));
    const next = nearest(column, seconds(column, now) + minutes[key] * MINUTE);
    return next === now ? beyond(column, now, minutes[key]) : next;
  };

  const drawBy = (column, percent) => {
    drawAll(column, percent);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => send(column), WAIT);
  };

  document.addEventListener("keydown", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!column || event.altKey || event.ctrlKey || event.metaKey) return;
    const percent = percentBy(event.key, column);
    const all = columns();
    const beside = all[all.indexOf(column) + neighbours[event.key]];
    if (percent !== undefined) drawBy(column, percent);
    else if (beside) beside.focus();
    else if (event.key === "Enter") show(column);
    else return;
    event.preventDefault();
  });

  // Without this script a column is only a picture, and the buttons below it do the work.
  const wake = () => {
    for (const column of columns()) {
      column.setAttribute("role", "slider");
      column.setAttribute("tabindex", "0");
    }
  };
  document.addEventListener("studio:drawn", wake);
  wake();
}
