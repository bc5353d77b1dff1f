// The parts of the player's page that a button opens become dialogs; without this file they stay parts of the page.
{
  const { root, all, one } = globalThis.playerView;
  const cross = one("[data-close]");

  const dialogOf = (sheet) => {
    const dialog = document.createElement("dialog");
    dialog.className = "player-dialog";
    dialog.setAttribute("aria-labelledby", sheet.getAttribute("aria-labelledby"));
    sheet.replaceWith(dialog);
    sheet.removeAttribute("aria-labelledby");
    sheet.hidden = false;
    dialog.append(cross.content.cloneNode(true), sheet);
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest(".player-close")) {
        dialog.close();
      }
    });
    return dialog;
  };

  const dialogs = new Map(all(".player-sheet").map((sheet) => [sheet.id.replace("sheet-", ""), dialogOf(sheet)]));

  const close = () => dialogs.forEach((dialog) => dialog.open && dialog.close());
  const open = (name) => {
    close();
    dialogs.get(name).showModal();
  };

  for (const opener of all("[data-sheet]")) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-haspopup", "dialog");
    opener.hidden = false;
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      open(opener.dataset.sheet);
    });
    opener.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        open(opener.dataset.sheet);
      }
    });
  }

  // The map is a second way to the list beside it: a touch on a place is a press on its button, made where there is none.
  const press = (shape) => {
    const form = root.querySelector("[data-do=hurt]");
    const cut = shape.dataset.place.lastIndexOf("-");
    const button = document.createElement("button");
    Object.assign(button, { name: "place", value: `${shape.dataset.place.slice(0, cut)}/${shape.dataset.place.slice(cut + 1)}`, hidden: true });
    button.dataset.words = shape.querySelector("title").textContent.split(/[:.]/, 1)[0];
    form.append(button);
    form.requestSubmit(button);
    button.remove();
  };

  // The same drawing once more; its patterns are those of the first.
  const drawing = one(".player-map .body-views").cloneNode(true);
  drawing.querySelectorAll("defs").forEach((each) => each.remove());
  one("[data-hurt-map]").append(drawing);

  one("[data-hurt-map]").addEventListener("click", (event) => {
    const shape = event.target.closest("[data-place]");
    if (shape) {
      press(shape);
    }
  });

  globalThis.playerSheets = { open, close, isOpen: () => [...dialogs.values()].some((dialog) => dialog.open) };
}
