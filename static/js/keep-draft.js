// Sends a form as it stands a few seconds after a change, so that nothing typed is lost. Without this the button keeps it, as ever.
const WAIT = 2500;

const known = new WeakSet();
const keepWhatIsTyped = (form) => {
  if (known.has(form)) return;
  known.add(form);
  const words = form.querySelector("[data-kept-words]");
  let timer = 0;
  let hasChanged = false;

  const say = (state) => {
    if (words) words.textContent = words.dataset[state];
    form.dispatchEvent(new CustomEvent("kept", { detail: state }));
  };

  const keep = async (isLeaving) => {
    window.clearTimeout(timer);
    timer = 0;
    if (!hasChanged || (isLeaving && !form.isConnected)) return; // another form has taken its place and knows more
    hasChanged = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("page", form.dataset.page);
    try {
      // A sign-in page in place of an answer means that nothing was kept.
      const answer = await fetch(form.dataset.keep, { method: "POST", body, redirect: "manual", keepalive: isLeaving });
      say(answer.status === 204 ? "done" : "wrong");
      hasChanged = hasChanged || answer.status !== 204;
    } catch {
      hasChanged = true;
      say("wrong");
    }
  };

  const changed = () => {
    hasChanged = true;
    timer = timer || window.setTimeout(() => keep(false), WAIT);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    hasChanged = false;
    window.clearTimeout(timer);
  });
  window.addEventListener("pagehide", () => keep(true));
};

// A page that changes in part gets other forms.
const keepAll = () => document.querySelectorAll("form[data-keep]").forEach(keepWhatIsTyped);
document.addEventListener("htmx:afterSettle", keepAll);
keepAll();
