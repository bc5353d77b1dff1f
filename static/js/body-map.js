// The body map and the rows of its page light each other. A row says with data-places which shapes it works; without this script both stay readable.
const places = (row) => row.dataset.places.split(" ").filter(Boolean);
const rows = () => [...document.querySelectorAll("[data-places]")];
const shapes = (place) => document.querySelectorAll(`[data-place="${CSS.escape(place)}"]`);
const rowsOf = (place) => rows().filter((row) => places(row).includes(place));

const clear = () => {
  for (const lit of document.querySelectorAll(".is-lit")) {
    lit.classList.remove("is-lit");
  }
};

const light = (row) => {
  clear();
  row.classList.add("is-lit");
  for (const place of places(row)) {
    shapes(place).forEach((shape) => shape.classList.add("is-lit"));
  }
};

const lightPlace = (place) => {
  clear();
  shapes(place).forEach((shape) => shape.classList.add("is-lit"));
  rowsOf(place).forEach((row) => row.classList.add("is-lit"));
};

const near = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

// One listener for the page: rows that htmx brings later need no call.
const point = (event) => {
  const row = near(event, "[data-places]");
  const shape = near(event, "[data-body-map] [data-place]");
  if (row) {
    light(row);
  } else if (shape) {
    lightPlace(shape.dataset.place);
  } else {
    clear();
  }
};

document.addEventListener("pointerover", point);
document.addEventListener("focusin", point);
document.addEventListener("focusout", clear);
document.documentElement.addEventListener("pointerleave", clear);

document.addEventListener("click", (event) => {
  const shape = near(event, "[data-body-map] [data-place]");
  const row = shape && rowsOf(shape.dataset.place)[0];
  if (row) {
    const target = row.matches("a, button, summary, [tabindex]") ? row : row.querySelector("a, button, summary, [tabindex]") || row;
    if (target === row && !row.matches("a, button, summary, [tabindex]")) {
      row.tabIndex = -1;
    }
    target.focus();
    row.scrollIntoView({ block: "nearest" });
    lightPlace(shape.dataset.place);
  }
});
