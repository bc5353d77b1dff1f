// The drawing and the list of a body chart are two hands on one thing: a tap writes a row, a row draws its mark. The list alone is the form.
const form = document.querySelector("form[data-chart]");

const start = () => {
  const list = form.querySelector("[data-rows]");
  const board = form.querySelector("[data-chart-map]");
  const said = form.querySelector("[data-said]");
  const brushes = [...form.querySelectorAll("input[name=brush]")];
  const letters = Object.fromEntries(brushes.map((brush) => [brush.value, brush.dataset.letter]));
  const titles = new Map();
  const added = []; // rows in the order in which they were made, for undoing

  const rows = () => [...list.querySelectorAll("[data-row]")];
  const field = (row, name) => row.querySelector(`[name^="${name}-"]`);
  const value = (row, name) => field(row, name).value.trim();
  const isEmpty = (row) => ["zone", "side", "level", "note"].every((name) => !value(row, name));
  const isMiddle = (row) => field(row, "zone").selectedOptions[0]?.hasAttribute("data-middle");

  const sidesOf = (row) => {
    if (isMiddle(row)) {
      return ["both"];
    }
    const side = value(row, "side");
    return side === "both" ? ["left", "right"] : [side];
  };

  const placeWords = (group) => titles.get(group).split(".")[0];

  const draw = () => {
    const marked = new Map();
    for (const row of rows().filter((each) => value(each, "zone"))) {
      for (const side of sidesOf(row)) {
        const place = `${value(row, "zone")}-${side}`;
        marked.set(place, [...(marked.get(place) || []), row]);
      }
    }
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

  const renumber = () => {
    rows().forEach((row, at) => {
      row.querySelector("[data-number]").textContent = at + 1;
      for (const each of row.querySelectorAll("[name*='-']")) {
        each.name = each.id = each.name.replace(/\d+$/, at);
      }
      for (const label of row.querySelectorAll("label[for]")) {
        label.htmlFor = label.htmlFor.replace(/\d+$/, at);
      }
      const remove = row.querySelector("[data-remove]");
      remove.value = at;
      remove.setAttribute("aria-label", remove.getAttribute("aria-label").replace(/\d+/, at + 1));
    });
  };

  const blank = () => {
    const row = list.querySelector("[data-row]").cloneNode(true);
    for (const each of row.querySelectorAll("select, input")) {
      each.classList.remove("is-invalid");
      each.removeAttribute("aria-invalid");
      each.removeAttribute("aria-describedby");
      each.removeAttribute("autofocus");
      if (each.matches("select")) {
        each.selectedIndex = 0;
      } else {
        each.value = "";
      }
    }
    row.querySelectorAll(".choice-error").forEach((each) => each.remove());
    row.querySelector("fieldset").classList.remove("chart-row-wrong");
    return row;
  };

  const freshRow = () => {
    const free = rows().find(isEmpty);
    const row = free || list.appendChild(blank());
    renumber();
    return row;
  };

  const takeAway = (row) => {
    if (rows().length > 1) {
      row.remove();
    } else {
      row.replaceWith(blank());
    }
    renumber();
    draw();
  };

  const tell = (words, group) => {
    said.textContent = `${words}: ${placeWords(group)}`;
  };

  const tap = (group) => {
    const brush = brushes.find((each) => each.checked).value;
    const { zone, side } = group.dataset;
    const known = rows().find((row) => value(row, "zone") === zone && sidesOf(row).includes(side) && value(row, "kind") === brush);
    if (known) {
      field(known, "level").focus();
      return;
    }
    const row = freshRow();
    field(row, "zone").value = zone;
    field(row, "side").value = side === "both" ? "" : side;
    field(row, "kind").value = brush;
    added.push(row);
    draw();
    row.scrollIntoView({ block: "nearest" });
    tell(said.dataset.marked, group);
  };

  const undo = () => {
    const made = added.filter((row) => row.isConnected);
    const row = made.pop() || rows().filter((each) => !isEmpty(each)).pop();
    added.splice(0, added.length, ...made);
    if (row) {
      const group = board.querySelector(`[data-place="${CSS.escape(`${value(row, "zone")}-${sidesOf(row)[0]}`)}"]`);
      takeAway(row);
      if (group) {
        tell(said.dataset.taken, group);
      }
    }
  };

  const pressed = (event) => {
    const button = event.target.closest("button");
    if (!button || !button.matches("[data-more], [data-undo], [data-remove]")) {
      return;
    }
    event.preventDefault();
    if (button.matches("[data-undo]")) {
      undo();
    } else if (button.matches("[data-more]")) {
      const row = freshRow();
      added.push(row);
      field(row, "kind").value = brushes.find((each) => each.checked).value;
      field(row, "zone").focus();
    } else {
      const row = button.closest("[data-row]");
      const next = row.nextElementSibling || row.previousElementSibling;
      takeAway(row);
      (next ? field(next, "zone") : form.querySelector("[data-more]")).focus();
    }
  };

  board.querySelectorAll("[data-place]").forEach((group) => titles.set(group, group.querySelector("title").textContent));
  form.querySelector("[data-brush]").hidden = false;
  form.classList.add("is-live");
  board.addEventListener("click", (event) => {
    const group = event.target.closest("[data-place]");
    if (group) {
      tap(group);
    }
  });
  form.addEventListener("click", pressed);
  list.addEventListener("input", draw);
  list.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (event.target.name.startsWith("zone-") && isMiddle(row)) {
      field(row, "side").value = "";
    }
    draw();
  });
  draw();
};

if (form) {
  start();
}
