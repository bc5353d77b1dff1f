// The way back to a list keeps its search, its filters and its page, for as long as this tab is open and the same person is signed in.
// Without this the way back keeps them from a page that was opened out of the list itself.
{
  const PREFIX = "tactus-back:";
  const OWNER = "tactus-back-of";
  const who = document.querySelector(".menu-who")?.textContent.trim() ?? "";

  const forget = () => {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith("tactus-back")) sessionStorage.removeItem(name);
    }
  };

  const remember = () => {
    if (window.location.search) sessionStorage.setItem(PREFIX + window.location.pathname, window.location.search);
    else sessionStorage.removeItem(PREFIX + window.location.pathname);
  };

  if (sessionStorage.getItem(OWNER) !== who) forget();
  sessionStorage.setItem(OWNER, who);
  remember();
  for (const link of document.querySelectorAll(".breadcrumbs a")) {
    if (!link.search) link.search = sessionStorage.getItem(PREFIX + link.pathname) ?? "";
  }

  // A list that is searched while somebody types says in its address what it shows, so that going back shows it again.
  document.addEventListener("htmx:afterRequest", ({ target }) => {
    if (!target.matches?.(".search-input") || new URL(target.form.action).pathname !== window.location.pathname) return;
    const asks = target.value ? `?${new URLSearchParams({ [target.name]: target.value })}` : "";
    window.history.replaceState(window.history.state, "", window.location.pathname + asks);
    remember();
  });

  document.querySelector("form[action*='logout']")?.addEventListener("submit", forget);
}
