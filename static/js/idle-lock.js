// Notices that nobody uses a page, and has it covered in time. The server decides; it locks every page by itself too. While somebody types,
// or a session runs, it is told now and then that the person is there.
{
  const { cover, isCovered, close, open, ask, isHere } = globalThis.lockCover;
  const LIMIT = Number(cover.dataset.minutes) * 60000;
  const TOLD_EVERY = Math.min(60000, LIMIT / 4);
  const LOOKED_EVERY = Math.min(10000, LIMIT / 6);

  let used = Date.now();
  let told = Date.now();
  let isAsking = false;

  // The player shows its steps as long as the session is not over.
  const isRunning = () => document.querySelector("[data-player] [data-over][hidden]") !== null;
  const isOver = () => Date.now() - used >= LIMIT;

  // Another page of the same person may have been used meanwhile: the server knows.
  const check = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const answer = await ask();
      const left = answer.ok ? (await answer.json()).left * 1000 : 0;
      if (left > 0) open();
      else if (answer.ok) close();
      else window.location.reload();
      used = Date.now() - (LIMIT - left);
    } catch {
      if (!isRunning()) close();
    }
    isAsking = false;
  };

  const tell = async () => {
    if (Date.now() - told < TOLD_EVERY || isCovered()) return;
    told = Date.now();
    try {
      const answer = await isHere();
      if (answer.status === 204) used = Date.now();
      else if (answer.status === 423) close();
    } catch {
      // Without a connection the page stays as it is until its time is over.
    }
  };

  for (const kind of ["pointerdown", "keydown", "input"]) document.addEventListener(kind, tell, { passive: true });
  cover.addEventListener("opened", () => {
    used = Date.now();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (isCovered() || isOver())) check();
  });
  window.setInterval(() => {
    if (isRunning()) tell();
    if (!isCovered() && isOver()) check();
  }, LOOKED_EVERY);
}
