// "?" and the entry of the menu open the sheet of keys over the page; without this they lead to its page. Whoever uses speech or switches
// turns single keys off, for this browser.
{
  const NAME = "tactus-keys";
  const dialog = document.createElement("dialog");
  dialog.className = "keys-sheet";

  const arm = (root) => {
    const field = root.querySelector("[data-keys-off]");
    if (field === null) return;
    root.querySelector("[data-keys-switch]").hidden = false;
    field.checked = localStorage.getItem(NAME) === "off";
    field.addEventListener("change", () => localStorage.setItem(NAME, field.checked ? "off" : "on"));
  };

  const open = async (link) => {
    const answer = await fetch(`${link.href}?part=sheet`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) {
      window.location.assign(link.href);
      return;
    }
    const close = link.dataset.close;
    dialog.innerHTML = `<h2 id="keys-title"></h2>${await answer.text()}<form method="dialog"><button class="btn btn-secondary" type="submit" autofocus></button></form>`;
    dialog.querySelector("#keys-title").textContent = link.dataset.title;
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.querySelector("form button").textContent = close;
    document.body.append(dialog);
    arm(dialog);
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-keys-page]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.closest("details")?.removeAttribute("open");
    open(link);
  });

  document.addEventListener("DOMContentLoaded", () => arm(document));
}
