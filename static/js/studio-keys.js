// The keys of the studio. Every one of them presses a button that stands on the page.
const sheet = document.getElementById("studio-keys");
const isTyping = (element) => element.closest("textarea, select, input:not([type=radio]), [contenteditable]") !== null;
const within = (row, selector) => row.querySelector(selector)?.click();

const onStep = (row, event) => {
  const open = (each) => each?.querySelector(".studio-name")?.focus();
  if (event.altKey) return { ArrowUp: () => move(row, "up"), ArrowDown: () => move(row, "down") }[event.key];
  const isName = event.target.classList.contains("studio-name");
  return {
    "+": () => within(row, "[data-more]"),
    "=": () => within(row, "[data-more]"),
    "-": () => within(row, "[data-less]"),
    Delete: isName && (() => remove(row)),
    ArrowUp: isName && (() => open(row.previousElementSibling)),
    ArrowDown: isName && (() => open(row.nextElementSibling)),
  }[event.key];
};

const send = (row, fields) => document.dispatchEvent(new CustomEvent("studio:press", { detail: { do: "edit", step: row.dataset.key, ...fields } }));
const remove = (row) => send(row, { kind: "remove" });
const move = (row, way) => {
  const above = row.previousElementSibling;
  const after = way === "up" ? above?.previousElementSibling : row.nextElementSibling;
  if (way === "up" ? above : after) send(row, { kind: "move", after: after?.dataset.key ?? "" });
};

const everywhere = (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") return () => document.querySelector(event.shiftKey ? "[data-redo]" : "[data-undo]").click();
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y") return () => document.querySelector("[data-redo]").click();
  return event.key === "?" && (() => sheet.showModal());
};

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target) || sheet.open) return;
  const row = event.target.closest("#steps[data-moves] > [data-key]");
  const does = everywhere(event) || (row && !event.ctrlKey && !event.metaKey && onStep(row, event));
  if (!does) return;
  event.preventDefault();
  does();
});
document.querySelector("[data-keys-help]")?.addEventListener("click", () => sheet.showModal());
