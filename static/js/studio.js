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

// Where the hand is on the screen: there the same thing stands after an act, whatever has become longer or shorter above it.
const height = (element) => {
  const { top } = element?.closest("#act") ? element.getBoundingClientRect() : { top: -1 };
  return top >= 0 && top <= window.innerHeight ? top : null;
};

const remember = () => {
  const at = document.activeElement;
  const row = at?.closest("[data-key]");
  const place = row ? [...row.parentElement.children].indexOf(row) : -1;
  held = { id: at?.id, isSomewhere: at !== null && at !== document.body, top: height(at), row: row?.dataset.key, place, typed: typed(), chosen: chosen() };
  const note = document.getElementById("note");
  held.isNoteNew = Boolean(note) && note.value !== note.defaultValue; // typed since this part of the page came
};

const opener = (row) => row?.querySelector(".studio-name");

let instead = null; // what has the focus until the same control has come

// The same control; else the same step, wherever it stands now; else the one that has taken its place.
const takeUp = () => {
  if (!held) return;
  const rows = [...desk().querySelectorAll("[data-key]")];
  const row = rows.find((each) => each.dataset.key === held.row) ?? rows[Math.min(held.place, rows.length - 1)];
  const same = held.id && document.getElementById(held.id);
  const hand = same || (held.place >= 0 && opener(row));
  const next = { do: "do-undo", soft: desk().querySelector("#reasons select")?.id ?? "do-keep" }[held.id?.split("-")[0]];
  const near = document.getElementById(next ?? "session-title"); // the button itself has gone with what it did
  if (held.isSomewhere && [document.body, null, instead].includes(document.activeElement)) {
    (hand || near)?.focus({ preventScroll: held.top !== null || Boolean(same) || held.place < 0 });
    instead = same ? null : hand || near;
  }
  if (hand && hand === document.activeElement && held.top !== null) {
    window.scrollBy({ top: hand.getBoundingClientRect().top - held.top, behavior: "instant" });
  }
};

const showLimit = () => desk().querySelector(".studio-refused")?.scrollIntoView({ block: "nearest" });

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
    if (!field || !value || (field.value && !(id === "note" && held.isNoteNew))) continue;
    field.value = value;
    if (id === "note") field.dispatchEvent(new Event("input", { bubbles: true })); // it is not kept yet
  }
};

// Where nothing stands beside the plan, curve and session come first: what shapes it is folded to one line.
if (window.matchMedia("(max-width: 86rem)").matches) document.querySelectorAll(".studio-side details[open]").forEach((fold) => (fold.open = false));
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.dataset?.fold) return;
    folds.set(target.dataset.fold, target.open);
    if (target.open) target.dispatchEvent(new Event("studio:opened")); // what is fetched only when it is looked at
  },
  true,
);
document.addEventListener("htmx:beforeSwap", (event) => event.detail.target.id === "desk" && remember());
document.addEventListener("htmx:afterSettle", (event) => {
  restore();
  if (event.target.id === "choices") {
    takeUp();
    showLimit();
  }
  if (event.target.id !== "desk") return;
  // What was kept on the page sends what stands now.
  const version = desk().querySelector("[name=version]").value;
  document.querySelectorAll("#beside-kept [name=version]").forEach((field) => (field.value = version));
  document.dispatchEvent(new Event("studio:drawn"));
  takeUp();
  showLimit();
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
