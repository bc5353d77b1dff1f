// A session can be carried to another time or column. Dropping saves nothing: it opens the form of the move with that place filled in.
const ROW = 5;
const board = document.querySelector(".board[data-move]");
let carried = null;

const two = (number) => String(number).padStart(2, "0");
const rows = (tile) => Number(/for-(\d+)/.exec(tile.className)[1]);

// The column under the pointer, and the time there on the clinic's grid.
const placeAt = (event) => {
  const lane = document.elementsFromPoint(event.clientX, event.clientY).find((each) => each.classList.contains("lane"));
  if (!lane) return null;
  const cell = parseFloat(getComputedStyle(lane).gridAutoRows);
  const grid = Number(board.dataset.grid);
  const minutes = Math.max((event.clientY - carried.held - lane.getBoundingClientRect().top) / cell, 0) * ROW;
  const first = Number(board.dataset.first);
  return { lane, minute: Math.min(first + Math.round(minutes / grid) * grid, 24 * 60 - grid) };
};

const show = ({ lane, minute }) => {
  const row = Math.floor((minute - Number(board.dataset.first)) / ROW) + 1;
  carried.mark.className = `drop-here at-${row} for-${rows(carried.tile)}`;
  carried.mark.textContent = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  lane.append(carried.mark);
};

const end = () => {
  carried?.mark.remove();
  carried?.tile.classList.remove("is-carried");
  board.classList.remove("is-carrying");
  carried = null;
};

const go = ({ lane, minute }) => {
  const query = new URLSearchParams({ day: lane.dataset.day, clock: `${two(Math.floor(minute / 60))}:${two(minute % 60)}` });
  for (const name of ["therapist", "room"]) if (Number(lane.dataset[name])) query.set(name, lane.dataset[name]);
  window.location.assign(`${board.dataset.move.replace("/0/", `/${carried.tile.dataset.booking}/`)}?${query}`);
};

board?.addEventListener("pointerdown", (event) => {
  const tile = event.target.closest(".tile[data-booking]");
  if (!tile || event.button !== 0 || event.pointerType === "touch") return;
  carried = { tile, held: event.clientY - tile.getBoundingClientRect().top, from: [event.clientX, event.clientY], mark: document.createElement("div") };
});
document.addEventListener("pointermove", (event) => {
  if (!carried || Math.hypot(event.clientX - carried.from[0], event.clientY - carried.from[1]) < 6) return;
  board.classList.add("is-carrying");
  carried.tile.classList.add("is-carried");
  const place = placeAt(event);
  if (place) show(place);
});
document.addEventListener("pointerup", (event) => {
  const place = carried && board.classList.contains("is-carrying") ? placeAt(event) : null;
  if (place) document.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
  if (place) go(place);
  end();
});
board?.addEventListener("dragstart", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => event.key === "Escape" && carried && end());
