// The drawing of a body chart follows its rows: each place has the pattern of its first mark and the letters and levels of all of them.
{
  const { form, list, all, field, value, isMiddle, sidesOf } = globalThis.chartRows;
  const board = form.querySelector("[data-chart-map]");
  const brushes = [...form.querySelectorAll("input[name=brush]")];
  const letters = Object.fromEntries(brushes.map((brush) => [brush.value, brush.dataset.letter]));

  const rowsByPlace = () => {
    const marked = new Map();
    for (const row of all().filter((each) => value(each, "zone"))) {
      for (const side of sidesOf(row)) {
        const place = `${value(row, "zone")}-${side}`;
        marked.set(place, [...(marked.get(place) || []), row]);
      }
    }
    return marked;
  };

  const draw = () => {
    const marked = rowsByPlace();
    for (const group of board.querySelectorAll("[data-place]")) {
      const here = marked.get(group.dataset.place) || [];
      const view = group.closest("svg").querySelector("pattern").id.split("-")[1];
      const kind = here.length ? value(here[0], "kind") : "";
      group.classList.toggle("is-marked", here.length > 0);
      group.querySelector(".chart-fill").setAttribute("fill", kind ? `url(#${board.dataset.prefix}-${view}-${kind})` : "none");
    }
    for (const text of board.querySelectorAll("[data-letters]")) {
      const here = marked.get(text.dataset.letters) || [];
      text.textContent = [...new Set(here.map((row) => letters[value(row, "kind")] + value(row, "level")))].join(" ");
    }
  };

  list.addEventListener("input", draw);
  list.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.target.name.startsWith("zone-") && isMiddle(row)) {
      field(row, "side").value = "";
    }
    draw();
  });
  draw();

  globalThis.chartMarks = { board, draw, brush: () => brushes.find((each) => each.checked).value };
}
