// A session that is given. The clock leads from row to row; what the hands do otherwise becomes an event, kept here and on the server.
{
  const { root, one, rows, words, draw, say, kept, toast, alarm, SOON } = globalThis.playerView;
  const { chosen, signal, beat, awake } = globalThis.playerCues;
  const { open, close, isOpen } = globalThis.playerSheets;
  const store = globalThis.playerEvents;
  const { start, events: address } = root.dataset;
  const planned = root.dataset.planned.trim().split(/\s+/).map(Number);
  const device = store.device();
  const PAUSES = [2000, 4000, 8000, 15_000, 30_000];
  const LOOK = 15_000;
  const LEFT = 300_000;
  const MINUTE = 60;
  const LONGEST = 300;

  let told = JSON.parse(root.dataset.told);
  let began = Date.now() - Number(root.dataset.now); // when the session was started, by this device's watch
  let shortestTrip = Infinity;
  let latest = 0;
  let turn = 0;
  let seen = null;
  let isElsewhere = false;
  let quietSince = null;

  const now = () => {
    latest = Math.max(latest, Date.now() - began);
    return latest;
  };
  const unsent = () => store.waiting(start);
  const events = () => [...told, ...unsent().map((entry) => entry.event)];

  // Telling ---------------------------------------------------------------------------------------------------------------------
  let timer = 0;
  let failures = 0;
  let sending = null;

  const later = (wait) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(tell, wait);
  };

  // Asking for news counts as using the program: a session that is over, or was paused and left, must not keep the screen open.
  const isLeft = () => quietSince !== null && Date.now() - quietSince > LEFT;

  const heard = ({ answer, trip }) => {
    told = answer.events;
    if (trip < shortestTrip) {
      shortestTrip = trip;
      began = Math.round(Date.now() - trip / 2) - answer.now_ms;
    }
    alarm(answer.warnings);
    elsewhere(answer.device);
    if (answer.is_closed) {
      window.location.assign(root.dataset.finish);
    }
    return Object.values(answer.refused)[0] || "";
  };

  const tellOnce = async () => {
    const result = await store.send(start, address, device);
    const refused = result.answer ? heard(result) : "";
    failures = result.answer ? 0 : failures + 1;
    const left = unsent().length;
    kept(refused ? "refused" : left && result.answer ? "sending" : result.state, left, refused);
    if (failures === 1 || refused) {
      say(refused || one(`[data-when=${result.state}]`).textContent.trim());
    }
    if (left || !isLeft()) {
      later(result.answer ? (left ? 0 : LOOK) : PAUSES[Math.min(failures, PAUSES.length) - 1]);
    }
    return result.state;
  };

  // One message at a time; whoever asks meanwhile gets the answer of the next.
  const tell = async () => {
    while (sending) {
      await sending;
    }
    sending = tellOnce();
    try {
      return await sending;
    } finally {
      sending = null;
    }
  };

  const happened = (kind, value = {}) => {
    turn += 1;
    store.keep(start, address, { key: store.random(), device, seq: turn, at_ms: now(), kind, value });
    kept(failures ? "offline" : "sending", unsent().length);
    look();
    later(0);
  };

  const elsewhere = (name) => {
    isElsewhere = Boolean(name) && name !== device;
    root.classList.toggle("is-elsewhere", isElsewhere);
    one("[data-take-over]").hidden = !isElsewhere;
  };

  // Looking ---------------------------------------------------------------------------------------------------------------------
  const announce = (before) => {
    if (seen.row === null) {
      say(seen.stop ? words.wordsStopped : words.wordsOver);
      signal("over");
    } else {
      say(rows[seen.row].dataset.said);
      signal(seen.row && rows[seen.row].dataset.turn && before !== null ? "turn" : "row");
    }
  };

  let warned = null;
  const warnOfTurn = () => {
    const soon = seen.row === null || seen.isPaused || seen.left > SOON ? null : rows[seen.row].querySelector("[data-soon]");
    if (soon && warned !== seen.row) {
      warned = seen.row;
      say(soon.textContent.trim());
    }
  };

  const look = () => {
    const before = seen;
    seen = globalThis.playedUntil(planned, events(), now());
    quietSince = seen.row !== null && !seen.isPaused ? null : (quietSince ?? Date.now());
    draw(seen);
    beat(seen);
    if (before && before.row !== seen.row) {
      announce(before.row);
    } else if (before && before.isPaused !== seen.isPaused) {
      say(seen.isPaused ? words.wordsPaused : words.wordsGoes);
    } else {
      warnOfTurn();
    }
    if (!before || (before.row === null) !== (seen.row === null)) {
      awake(seen.row !== null);
    }
  };

  // Doing -----------------------------------------------------------------------------------------------------------------------
  const following = () => rows.findIndex((_row, index) => index > seen.row && !seen.rows[index].reason);

  // The last row is left by using its time up, so that it can be taken up again.
  const leaveLast = () => {
    for (let left = Math.ceil(seen.left / 1000); left > 0; left -= LONGEST) {
      happened("shorter", { row: rows.length - 1, seconds: Math.max(10, Math.min(left, LONGEST)) });
    }
  };

  const leave = async (where) => {
    if (unsent().length) {
      await Promise.race([tell(), new Promise((done) => window.setTimeout(done, 4000))]);
    }
    window.location.assign(where);
  };

  const DO = {
    pause: () => happened("paused"),
    resume: () => happened("resumed"),
    next: () => (following() < 0 ? leaveLast() : happened("begun", { row: following() })),
    back: () => seen.row > 0 && happened("begun", { row: seen.row - 1 }),
    again: () => happened("begun", { row: rows.length - 1 }),
    longer: () => happened("longer", { row: seen.row, seconds: MINUTE }),
    shorter: () => happened("shorter", { row: seen.row, seconds: MINUTE }),
    skip: (form, button) => {
      happened("skipped", { row: seen.row, reason: button.value, ...(form.words.value.trim() && { words: form.words.value.trim() }) });
      form.words.value = "";
      toast(words.wordsSkip);
    },
    hurt: (_form, button) => {
      const [zone, side] = button.value.split("/");
      happened("hurt", { row: seen.row, zone, side });
      toast(`${words.wordsHurt} ${(button.querySelector("b") || button).textContent.trim() || button.dataset.words}`);
    },
    stop: (_form, button) => {
      happened("stopped", { reason: button.value });
      if ("grave" in button.dataset) {
        leave(root.dataset.emergency);
      }
    },
    finish: () => {
      happened("finished");
      leave(root.dataset.finish);
    },
  };

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.do) {
      event.preventDefault();
      if (!isElsewhere) {
        DO[form.dataset.do](form, event.submitter);
        close();
      }
    }
  });

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-leave]");
    if (link && unsent().length) {
      event.preventDefault();
      leave(link.href);
    }
  });

  // Keys: by their place on the keyboard, so that they are the same in every alphabet.
  const KEYS = {
    Space: () => (seen.isPaused ? DO.resume() : DO.pause()),
    ArrowRight: DO.next,
    ArrowLeft: DO.back,
    Equal: DO.longer,
    NumpadAdd: DO.longer,
    Minus: DO.shorter,
    NumpadSubtract: DO.shorter,
    KeyH: () => open("hurt"),
    KeyS: () => open("skip"),
    KeyX: () => open("stop"),
  };

  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    const isBusy = target.closest("input, textarea, select, dialog") || (event.code === "Space" && target.closest("a, button, summary"));
    if (isBusy || isOpen() || event.ctrlKey || event.metaKey || event.altKey || chosen.keys === "off") {
      return;
    }
    if (event.key === "?") {
      open("help");
    } else if (KEYS[event.code] && !isElsewhere && seen.row !== null) {
      event.preventDefault();
      KEYS[event.code]();
    }
  });

  one("[data-take-over] [name=device]").value = device;
  document.getElementById("lock-cover")?.addEventListener("opened", () => tell());
  window.addEventListener("online", () => tell());
  window.addEventListener("pageshow", (event) => event.persisted && tell());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && (look(), tell()));
  kept("sending", unsent().length);
  root.classList.add("is-live");
  elsewhere(root.dataset.device);
  look();
  tell();
  window.setInterval(look, 250);
}
