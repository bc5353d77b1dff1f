// The list of a body chart becomes longer and shorter, and its rows keep their numbers in order; the server counts them the same way.
{
  const { list, all, isEmpty } = globalThis.chartRows;
  const { draw } = globalThis.chartMarks;
  const added = []; // rows in the order in which they were made, for undoing

  const renumber = () => {
    all().forEach((row, at) => {
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
      ["aria-invalid", "aria-describedby", "autofocus"].forEach((name) => each.removeAttribute(name));
      each.value = "";
      if (each.matches("select")) {
        each.selectedIndex = 0;
      }
    }
    row.querySelectorAll(".choice-error").forEach((each) => each.remove());
    row.querySelector("fieldset").classList.remove("chart-row-wrong");
    return row;
  };

  const fresh = () => {
    const row = all().find(isEmpty) || list.appendChild(blank());
    renumber();
    added.push(row);
    return row;
  };

  const takeAway = (row) => {
    if (all().length > 1) {
      row.remove();
    } else {
      row.replaceWith(blank());
    }
    renumber();
    draw();
  };

  const lastMade = () => {
    const made = added.filter((row) => row.isConnected).pop();
    return made || all().filter((row) => !isEmpty(row)).pop();
  };

  globalThis.chartList = { fresh, takeAway, lastMade };
}
