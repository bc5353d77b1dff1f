// The columns of the course: drawn up and down by hand or by keys, within what the protocol leaves. Letting go sends one act.
const press = (fields) => document.dispatchEvent(new CustomEvent("studio:press", { detail: fields }));
const WAIT = 450;
const SNAP = 30;
const MINUTE = 60;
let drawn = null;
let timer = 0;

const columns = () => [...document.querySelectorAll("[data-column]")];
const drawing = () => document.querySelector(".studio-drawing");
const number = (column, name) => Number(column.dataset[name]);
const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
const clock = (seconds) => `${Math.floor(seconds / 60)}${seconds % 60 ? `:${String(seconds % 60).padStart(2, "0")}` : ""}`;
const seconds = (column, percent) => Math.round((number(column, "full") * percent) / 100);
const bounded = (column, percent) => clamp(percent, number(column, "least"), number(column, "most"));
// Where the records hold the load at rungs of the ladder, a column rests on the nearest of them.
const stops = () => drawing().dataset.stops.split(" ").filter(Boolean).map(Number);
const resting = (percent, from = stops()) => from.reduce((best, each) => (Math.abs(each - percent) < Math.abs(best - percent) ? each : best), from[0] ?? percent);
const nearest = (column, wanted) => bounded(column, resting(Math.round((100 * wanted) / number(column, "full"))));
const beyond = (percent, way) => resting(percent, stops().filter((each) => (way > 0 ? each > percent : each < percent)));

// Those that move with a column: all to come, those of its phase, or it alone.
const together = (column) => {
  const scope = document.querySelector("[name=curve_scope]:checked").value;
  const phase = column.parentElement.dataset.phase;
  return columns().filter((each) => each === column || scope === "all" || (scope === "phase" && each.parentElement.dataset.phase === phase));
};

const draw = (column, percent) => {
  const group = column.parentElement;
  const floor = Number(drawing().dataset.floor);
  const part = percent / Math.max(number(column, "now"), 1);
  const bar = group.querySelector(".sc-bar");
  group.classList.add("is-drawn");
  group.querySelector(".sc-fill").setAttribute("transform", `translate(0 ${floor * (1 - part)}) scale(1 ${part})`);
  const middle = Number(column.getAttribute("x")) + Number(column.getAttribute("width")) / 2;
  group.querySelector(".sc-top").setAttribute("transform", `translate(${middle} ${floor - Number(bar.getAttribute("height")) * part})`);
  group.querySelector(".sc-minutes").textContent = clock(seconds(column, percent));
  const words = drawing().dataset.minutes.replace("{now}", clock(seconds(column, percent)));
  column.setAttribute("aria-valuenow", percent);
  column.setAttribute("aria-valuetext", words.replace("{usual}", clock(seconds(column, number(column, "usual")))));
};

const drawAll = (column, percent) => {
  const factor = percent / Math.max(number(column, "now"), 1);
  for (const each of together(column)) draw(each, each === column ? percent : clamp(Math.round(number(each, "now") * factor), number(each, "least"), number(each, "most")));
};

const send = (column) => {
  const value = Number(column.getAttribute("aria-valuenow"));
  if (value !== number(column, "now")) press({ do: "curve", value, session: column.dataset.column, scope_from: "curve_scope" });
};

const percentAt = (column, event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing().getScreenCTM().inverse());
  const wanted = (Number(drawing().dataset.floor) - (point.y - drawn.held)) / Number(drawing().dataset.scale);
  return nearest(column, Math.round(wanted / SNAP) * SNAP);
};

document.addEventListener("pointerdown", (event) => {
  const column = event.target.closest?.(".sc")?.querySelector("[data-column]");
  if (!column || event.button !== 0 || !event.target.matches(".sc-grab, .sc-slider")) return;
  if (event.pointerType === "touch" && !event.target.matches(".sc-grab")) return;
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing().getScreenCTM().inverse());
  const top = Number(drawing().dataset.floor) - seconds(column, number(column, "now")) * Number(drawing().dataset.scale);
  drawn = { column, held: point.y - top, from: event.clientY, moved: false };
  event.preventDefault();
  column.focus({ preventScroll: true, focusVisible: false }); // the hand is here, and the keys go on from here
  column.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", (event) => {
  if (!drawn || (!drawn.moved && Math.abs(event.clientY - drawn.from) < 4)) return;
  drawn.moved = true;
  drawAll(drawn.column, percentAt(drawn.column, event));
});
const show = (column) => column.parentElement.querySelector("a[data-get]").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));

let wasDrawn = false;
document.addEventListener("pointerup", () => {
  const was = drawn;
  drawn = null;
  wasDrawn = Boolean(was?.moved);
  if (wasDrawn) send(was.column);
});
document.addEventListener("click", (event) => {
  const column = event.target.closest?.(".sc-slider, .sc-grab")?.closest(".sc").querySelector("[data-column]");
  if (column && !wasDrawn) show(column);
  if (event.isTrusted) wasDrawn = false;
});
document.addEventListener("pointercancel", () => {
  if (drawn) drawAll(drawn.column, number(drawn.column, "now"));
  drawn = null;
});

const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 3, PageDown: -3 };
document.addEventListener("keydown", (event) => {
  const column = event.target.closest?.("[data-column]");
  if (!column || event.altKey || event.ctrlKey || event.metaKey) return;
  const now = Number(column.getAttribute("aria-valuenow"));
  const ends = { Home: number(column, "least"), End: number(column, "most") };
  const all = columns();
  const beside = { ArrowLeft: all[all.indexOf(column) - 1], ArrowRight: all[all.indexOf(column) + 1] }[event.key];
  if (event.key in steps || event.key in ends) {
    const next = nearest(column, seconds(column, now) + steps[event.key] * MINUTE);
    const percent = ends[event.key] ?? (next === now ? bounded(column, beyond(now, steps[event.key])) : next);
    drawAll(column, percent);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => send(column), WAIT);
  } else if (beside) beside.focus();
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
