// Asks before what was typed in one form is lost by sending another or by going away. Without this, each button saves its own part.
(() => {
  const changed = new Set();
  let sent = null;
  const forms = document.querySelectorAll("[data-unsaved] form");
  for (const form of forms) {
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => changed.add(form));
    form.addEventListener("reset", () => changed.delete(form));
  }
  document.addEventListener("submit", (event) => {
    sent = event.target;
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form !== sent && form.isConnected)) event.preventDefault();
    sent = null;
  });
})();
