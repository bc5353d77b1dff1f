// The studio comes back in one piece after each act. What was open stays open, the hand stays where it was, and what changed is said.
const folds = globalThis.studioFolds;
const hand = globalThis.studioHand;
const desk = () => document.getElementById("desk");
const live = document.querySelector("[data-studio-live]");

// Sends what a button would send that is not drawn: a column that was let go, a step that was dropped.
document.addEventListener("studio:press", ({ detail }) => {
  const button = desk().querySelector("[data-press]");
  button.value = new URLSearchParams(detail).toString();
  button.click();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-get]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const [address] = link.getAttribute("href").split("#");
  window.htmx.ajax("GET", `${address}&do=look`, { target: "#desk", swap: "outerHTML settle:0ms" });
});

// What was kept on the page sends what stands now.
const bringUpToDate = () => {
  const version = desk().querySelector("[name=version]").value;
  document.querySelectorAll("#beside-kept [name=version]").forEach((field) => (field.value = version));
};

const say = () => {
  const said = desk().dataset.said || desk().querySelector(".studio-refused")?.innerText || "";
  if (live && said) live.textContent = said;
};

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "desk") return;
  hand.remember();
  folds.remember();
});
document.addEventListener("htmx:afterSettle", (event) => {
  folds.restore();
  if (event.target.id === "choices") {
    hand.takeUp();
    hand.showLimit();
  }
  if (event.target.id !== "desk") return;
  bringUpToDate();
  document.dispatchEvent(new Event("studio:drawn"));
  hand.takeUp();
  hand.showLimit();
  say();
  history.replaceState(null, "", desk().dataset.url);
});
