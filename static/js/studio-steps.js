// A step is carried to another place by its grip. Dropping sends one act; the buttons and keys do the same without a pointer.
const press = (fields) => document.dispatchEvent(new CustomEvent("studio:press", { detail: fields }));
let carried = null;
const rows = () => [...document.querySelectorAll("#steps[data-moves] > [data-key]")];
const clear = () => rows().forEach((row) => row.classList.remove("drop-before", "drop-after", "is-carried"));

// The row under the pointer, and whether the step would stand before or behind it.
const placeAt = (event) => {
  const all = rows();
  const row = all.find((each) => event.clientY < each.getBoundingClientRect().bottom) ?? all[all.length - 1];
  const box = row.getBoundingClientRect();
  return { row, isBefore: event.clientY < box.top + box.height / 2 };
};

// The key of the step that it would stand right behind; "" at the very beginning.
const behind = ({ row, isBefore }) => {
  const others = rows().filter((each) => each !== carried.row);
  const turn = others.indexOf(row) - (isBefore ? 1 : 0);
  return others[turn]?.dataset.key ?? "";
};

const end = () => {
  clear();
  document.getElementById("steps")?.classList.remove("is-carrying");
  carried = null;
};

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.("#steps[data-moves] [data-grip]");
  if (!grip || event.button !== 0) return;
  carried = { row: grip.closest("[data-key]"), place: null };
  grip.setPointerCapture(event.pointerId);
  event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  if (!carried) return;
  clear();
  document.getElementById("steps").classList.add("is-carrying");
  carried.row.classList.add("is-carried");
  carried.place = placeAt(event);
  if (carried.place.row !== carried.row) carried.place.row.classList.add(carried.place.isBefore ? "drop-before" : "drop-after");
  if (event.clientY > window.innerHeight - 70) window.scrollBy(0, 12);
  if (event.clientY < 110) window.scrollBy(0, -12);
});
document.addEventListener("pointerup", () => {
  const was = carried;
  if (!was) return;
  const { row, place } = was;
  if (place && place.row !== row) {
    const after = behind(place);
    const before = row.previousElementSibling?.dataset.key ?? "";
    row.querySelector(".studio-name").focus();
    if (after !== before) press({ do: "edit", kind: "move", step: row.dataset.key, after });
  }
  end();
});
document.addEventListener("pointercancel", end);
