// The columns of the course are drawn again while they are moved, with those that move with them. Letting go sends one act.
{
  const { drawing, columns, number, bounded, seconds } = globalThis.studioReach;
  const clock = (time) => `${Math.floor(time / 60)}${time % 60 ? `:${String(time % 60).padStart(2, "0")}` : ""}`;

  // Those that move with a column: all to come, those of its phase, or it alone.
  const together = (column) => {
    const scope = document.querySelector("[name=curve_scope]:checked").value;
    const phaseOf = (each) => each.parentElement.dataset.phase;
    const isWithin = (each) => scope === "all" || (scope === "phase" && phaseOf(each) === phaseOf(column));
    return columns().filter((each) => each === column || isWithin(each));
  };

  const draw = (column, percent) => {
    const group = column.parentElement;
    const floor = Number(drawing().dataset.floor);
    const part = percent / Math.max(number(column, "now"), 1);
    const top = floor - Number(group.querySelector(".sc-bar").getAttribute("height")) * part;
    const middle = Number(column.getAttribute("x")) + Number(column.getAttribute("width")) / 2;
    group.classList.add("is-drawn");
    group.querySelector(".sc-fill").setAttribute("transform", `translate(0 ${floor * (1 - part)}) scale(1 ${part})`);
    group.querySelector(".sc-top").setAttribute("transform", `translate(${middle} ${top})`);
    group.querySelector(".sc-minutes").textContent = clock(seconds(column, percent));
    const words = drawing().dataset.minutes.replace("{now}", clock(seconds(column, percent)));
    column.setAttribute("aria-valuenow", percent);
    column.setAttribute("aria-valuetext", words.replace("{usual}", clock(seconds(column, number(column, "usual")))));
  };

  const drawAll = (column, percent) => {
    const factor = percent / Math.max(number(column, "now"), 1);
    for (const each of together(column)) {
      draw(each, each === column ? percent : bounded(each, Math.round(number(each, "now") * factor)));
    }
  };

  const send = (column) => {
    const value = Number(column.getAttribute("aria-valuenow"));
    if (value === number(column, "now")) return;
    const detail = { do: "curve", value, session: column.dataset.column, scope_from: "curve_scope" };
    document.dispatchEvent(new CustomEvent("studio:press", { detail }));
  };

  const show = (column) => {
    const link = column.parentElement.querySelector("a[data-get]");
    link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  };

  globalThis.studioCurve = { drawAll, send, show };
}
