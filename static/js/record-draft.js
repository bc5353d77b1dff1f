// Without a connection what is typed into a closing sheet stays on this device, comes back when the sheet is opened again, and is
// forgotten once the server has it or the sheet is signed. It works beside keep-draft.js, which says whether the server has it.
const LONGEST = 24 * 60 * 60 * 1000;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "at_ms", "seen"]);

const sheet = document.querySelector("form[data-here]");
const signed = document.querySelector("[data-forget]");

const typedInto = (form) => [...new FormData(form)].filter(([name]) => !NOT_TYPED.has(name));

const fill = (form, typed) => {
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.has(field.name) || field.type === "submit") continue;
    const said = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = said.includes(field.value);
    else field.value = said[0] ?? "";
  }
};

const keepHere = (form) => {
  try {
    localStorage.setItem(form.dataset.here, JSON.stringify({ at: Date.now(), typed: typedInto(form) }));
  } catch {
    // A full or closed store: the page itself still holds what was typed.
  }
};

const keptHere = (name) => {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null");
    return kept && Date.now() - kept.at < LONGEST ? kept.typed : null;
  } catch {
    return null;
  }
};

if (signed) localStorage.removeItem(signed.dataset.forget);

if (sheet) {
  const typed = keptHere(sheet.dataset.here);
  if (typed) {
    fill(sheet, typed);
    const words = sheet.querySelector("[data-kept-words]");
    if (words) words.textContent = words.dataset.back;
    sheet.dispatchEvent(new Event("input"));
  }
  sheet.addEventListener("kept", (event) => {
    if (event.detail === "done") localStorage.removeItem(sheet.dataset.here);
    else keepHere(sheet);
  });
  sheet.addEventListener("submit", () => {
    if (!navigator.onLine) keepHere(sheet);
  });
}
