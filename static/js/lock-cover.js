// What covers a page that was left: what was typed under it is still there when its person unlocks it. static/js/idle-lock.js knows when.
{
  const cover = document.getElementById("lock-cover");
  const unlocking = cover.querySelector("form[data-unlock]");
  const field = unlocking.elements.secret;
  const wrong = document.getElementById(`${field.id}-wrong`);
  const title = document.title;
  const json = { Accept: "application/json" };

  const isCovered = () => !cover.hidden;

  const send = (words) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: unlocking.elements.csrfmiddlewaretoken.value, ...words });
    return fetch(unlocking.action, { method: "POST", headers: json, body, redirect: "manual" });
  };

  const close = () => {
    if (isCovered()) return;
    cover.hidden = false;
    document.documentElement.classList.add("is-locked");
    document.title = `${cover.dataset.title} · Tactus`;
    field.value = "";
    field.focus();
  };

  const open = () => {
    cover.hidden = true;
    document.documentElement.classList.remove("is-locked");
    document.title = title;
    wrong.textContent = "";
    cover.dispatchEvent(new Event("opened"));
  };

  unlocking.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await send({ secret: field.value });
      if (answer.status === 200) return open();
      if (answer.status !== 422) return window.location.reload();
      const said = await answer.json();
      const label = unlocking.querySelector("label");
      label.textContent = said.asks_pin ? label.dataset.pin : label.dataset.password;
      field.inputMode = said.asks_pin ? "numeric" : "text";
      wrong.textContent = said.sentence;
    } catch {
      wrong.textContent = cover.dataset.lost;
    }
    field.value = "";
    field.focus();
  });

  // How long the server would still wait, asked without being taken for a use of the page.
  const ask = () => fetch(unlocking.action, { headers: json, redirect: "manual" });

  globalThis.lockCover = { cover, isCovered, close, open, ask, isHere: () => send({ here: "1" }) };
}
