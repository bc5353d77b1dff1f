// What somebody opened, chose and typed in the studio stays so when the page comes back after an act.
{
  const folds = new Map();
  let kept = { chosen: [], typed: {}, isNoteNew: false };

  // What the next act holds for: only somebody's own choice changes it, looking at another step or session does not.
  const chosen = () => {
    const fields = document.querySelectorAll("#act input[type=radio]:checked:not([name^=add-])");
    return [...fields].map((field) => [field.name, field.value]);
  };

  const typed = () => {
    const fields = document.querySelectorAll("#desk textarea, #desk .studio-reason select");
    return Object.fromEntries([...fields].map((field) => [field.id, field.value]));
  };

  const remember = () => {
    const note = document.getElementById("note");
    const isNoteNew = Boolean(note) && note.value !== note.defaultValue; // typed since this part of the page came
    kept = { chosen: chosen(), typed: typed(), isNoteNew };
  };

  const restore = () => {
    for (const [name, value] of kept.chosen) {
      const field = document.querySelector(`#act input[name="${name}"][value="${value}"]`);
      if (field) field.checked = true;
    }
    for (const [name, isOpen] of folds) {
      const fold = document.querySelector(`details[data-fold="${CSS.escape(name)}"]`);
      if (fold) fold.open = isOpen;
    }
    for (const [id, value] of Object.entries(kept.typed)) {
      const field = document.getElementById(id);
      if (!field || !value || (field.value && !(id === "note" && kept.isNoteNew))) continue;
      field.value = value;
      if (id === "note") field.dispatchEvent(new Event("input", { bubbles: true })); // it is not kept yet
    }
  };

  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.dataset?.fold) return;
      folds.set(target.dataset.fold, target.open);
      if (target.open) target.dispatchEvent(new Event("studio:opened")); // what is fetched only when it is looked at
    },
    true,
  );

  globalThis.studioFolds = { remember, restore };
}
