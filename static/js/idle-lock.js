// Covers a page that nobody uses, in time and without leaving it: what was typed is still there when it is unlocked. The server decides;
// it locks every page by itself too. While somebody types, or a session runs, it is told now and then that the person is there.
const cover = document.getElementById("lock-cover");
const LIMIT = Number(cover.dataset.minutes) * 60000;
const TOLD_EVERY = Math.min(60000, LIMIT / 4);
const LOOKED_EVERY = Math.min(10000, LIMIT / 6);
const unlocking = cover.querySelector("form[data-unlock]");
const field = unlocking.elements.secret;
const wrong = document.getElementById(`${field.id}-wrong`);
const title = document.title;
const json = { Accept: "application/json" };

let used = Date.now();
let told = Date.now();
let isAsking = false;

// The player shows its steps as long as the session is not over.
const isRunning = () => document.querySelector("[data-player] [data-over][hidden]") !== null;
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
  used = Date.now();
};

// Another page of the same person may have been used meanwhile: the server knows.
const ask = async () => {
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch(unlocking.action, { headers: json, redirect: "manual" });
    const left = answer.ok ? (await answer.json()).left * 1000 : 0;
    used = Date.now() - (LIMIT - left);
    if (left > 0) open();
    else if (answer.ok) close();
    else window.location.reload();
  } catch {
    if (!isRunning()) close();
  }
  isAsking = false;
};

const tell = async () => {
  if (Date.now() - told < TOLD_EVERY || isCovered()) return;
  told = Date.now();
  try {
    const answer = await send({ here: "1" });
    if (answer.status === 204) used = Date.now();
    else if (answer.status === 423) close();
  } catch {
    // Without a connection the page stays as it is until its time is over.
  }
};

const look = () => {
  if (isRunning()) tell();
  if (!isCovered() && Date.now() - used >= LIMIT) ask();
};

for (const kind of ["pointerdown", "keydown", "input"]) document.addEventListener(kind, tell, { passive: true });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && (isCovered() || Date.now() - used >= LIMIT)) ask();
});
window.setInterval(look, LOOKED_EVERY);

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
