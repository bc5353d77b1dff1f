// The rows of a session and the segments of its timeline light each other. It works beside body-map.js, which lights rows and the body.
const segmentsOf = (row) => document.querySelectorAll(`.timeline [data-row="${CSS.escape(row.dataset.row)}"]`);
const rowOf = (segment) => document.getElementById(`row-${segment.dataset.row}`);

const lightSegments = (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const segment = target && target.closest(".timeline [data-row]");
  if (segment) {
    const row = rowOf(segment);
    row.classList.add("is-lit");
    for (const place of row.dataset.places.split(" ").filter(Boolean)) {
      document.querySelectorAll(`[data-place="${CSS.escape(place)}"]`).forEach((shape) => shape.classList.add("is-lit"));
    }
  }
  for (const row of document.querySelectorAll(".plan-row.is-lit")) {
    segmentsOf(row).forEach((each) => each.classList.add("is-lit"));
  }
};

document.addEventListener("pointerover", lightSegments);
document.addEventListener("focusin", lightSegments);

// Paper shows what is folded; older browsers need it opened.
const folded = [];
window.addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("main details:not([open])")) {
    each.open = true;
    folded.push(each);
  }
});
window.addEventListener("afterprint", () => {
  for (const each of folded.splice(0)) {
    each.open = false;
  }
});
