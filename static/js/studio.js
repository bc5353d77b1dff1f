// The studio comes back in one piece after each act. What was open stays open, the hand stays where it was, and what changed is said.
const desk = () => document.getElementById("desk");
const live = document.querySelector("[data-studio-live]");
const folds = new Map();
let held = null; // where the focus was, and what stands beside it

// Sends what a button would send that is not drawn: a column that was let go, a step that was dropped.
document.addEventListener("studio:press", ({ detail }) => {
  const button = desk().querySelector("[data-press]");
  button.value = new URLSearchParams(detail).toString();
  button.click();
});

// What the next act holds for: only somebody's own choice changes it, looking at another step or session does not.
const chosen = () => [...desk().querySelectorAll("#act input[type=radio]:checked:not([name^=add-])")].map((field) => [field.name, field.value]);
const typed = () => Object.fromEntries([...desk().querySelectorAll("textarea, .studio-reason select")].map((field) => [field.id, field.value]));

const remember = () => {
  const at = document.activeElement;
  const row = at?.closest("[data-key]");
  held = { id: at?.id, row: row?.dataset.key, place: row ? [...row.parentElement.children].indexOf(row) : -1, typed: typed(), chosen: chosen() };
};

const opener = (row) => row?.querySelector(".studio-name");

// The same control; else the same step, wherever it stands now; else the one that has taken its place.
const takeUp = () => {
  const refused = desk().querySelector(".studio-refused");
  if (refused) refused.scrollIntoView({ block: "nearest" });
  if (!held || (document.activeElement !== document.body && document.activeElement !== null)) return;
  const rows = [...desk().querySelectorAll("[data-key]")];
  const row = rows.find((each) => each.dataset.key === held.row) ?? rows[Math.min(held.place, rows.length - 1)];
  const same = held.id && document.getElementById(held.id);
  const near = held.id?.startsWith("do-") ? "do-undo" : held.id && "session-title"; // the button itself has gone with what it did
  (same || (held.place >= 0 && opener(row)) || document.getElementById(near))?.focus({ preventScroll: Boolean(same || held.place < 0) });
};

const restore = () => {
  for (const [name, value] of held?.chosen ?? []) {
    const field = document.querySelector(`#act input[name="${name}"][value="${value}"]`);
    if (field) field.checked = true;
  }
  for (const [name, isOpen] of folds) {
    const fold = document.querySelector(`details[data-fold="${CSS.escape(name)}"]`);
    if (fold) fold.open = isOpen;
  }
  for (const [id, value] of Object.entries(held?.typed ?? {})) {
    const field = document.getElementById(id);
    if (field && value && !field.value) field.value = value;
  }
};

// A telephone has no room for what stands beside the plan.
if (window.matchMedia("(max-width: 46rem)").matches) document.querySelectorAll(".studio-side details[open]").forEach((fold) => (fold.open = false));
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.dataset?.fold) return;
    folds.set(target.dataset.fold, target.open);
    if (target.open) target.dispatchEvent(new Event("studio:opened")); // what is fetched only when it is looked at
  },
  true,
);
document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:afterSettle", (event) => {
  restore();
  if (event.target.id !== "desk") return takeUp();
  // What was kept on the page sends what stands now.
  const version = desk().querySelector("[name=version]").value;
  document.querySelectorAll("#beside-kept [name=version]").forEach((field) => (field.value = version));
  document.dispatchEvent(new Event("studio:drawn"));
  takeUp();
  const said = desk().dataset.said || desk().querySelector(".studio-refused")?.innerText || "";
  if (live && said) live.textContent = said;
  history.replaceState(null, "", desk().dataset.url);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-get]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const [address] = link.getAttribute("href").split("#");
  window.htmx.ajax("GET", `${address}&do=look`, { target: "#desk", swap: "outerHTML settle:0ms" });
});
