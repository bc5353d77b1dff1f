// What happens in a session is written to this device first and sent until the server says that it is kept: nothing is lost when the
// connection drops, the screen is locked or the page is closed. Any page with this file sends what an earlier one could not.
{
  const PREFIX = "tactus-event:";
  const REFUSED = "tactus-refused:";
  const MOST = 200;
  const memory = new Map(); // for a browser that allows no storage: as good as the page lives

  const stored = (work, otherwise) => {
    try {
      return work();
    } catch {
      return otherwise();
    }
  };

  const write = (name, text) =>
    stored(
      () => localStorage.setItem(name, text),
      () => memory.set(name, text),
    );
  const erase = (name) => {
    memory.delete(name);
    stored(
      () => localStorage.removeItem(name),
      () => null,
    );
  };
  const everything = () => [
    ...memory.entries(),
    ...stored(
      () => Object.entries(localStorage),
      () => [],
    ),
  ];
  const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const entries = () =>
    everything()
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, text]) => ({ name, ...JSON.parse(text) }));
  const waiting = (start) =>
    entries()
      .filter((entry) => entry.start === start)
      .sort((one, other) => one.event.at_ms - other.event.at_ms || one.event.seq - other.event.seq);

  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  // What became of a message: {state: saved | offline | locked, answer}. A redirect or a refusal means that somebody has to sign in or
  // enter the PIN; what is stored stays there.
  const send = async (start, address, device) => {
    const sent = waiting(start).slice(0, MOST);
    const began = Date.now();
    let reply;
    try {
      reply = await fetch(address, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ device, events: sent.map((entry) => entry.event) }),
      });
    } catch {
      return { state: "offline" };
    }
    if (reply.type === "opaqueredirect" || reply.status === 423 || reply.status === 403) {
      return { state: "locked" };
    }
    if (!reply.ok) {
      return { state: "offline" };
    }
    const answer = await reply.json();
    for (const key of answer.kept) {
      erase(`${PREFIX}${start}:${key}`);
    }
    // What the server will never keep is not sent again, and not thrown away either.
    for (const { name, ...entry } of sent.filter(({ event }) => event.key in answer.refused)) {
      write(name.replace(PREFIX, REFUSED), JSON.stringify({ ...entry, why: answer.refused[entry.event.key] }));
      erase(name);
    }
    return { state: "saved", answer, trip: Date.now() - began };
  };

  const sendOthers = async (but) => {
    const first = new Map(entries().map((entry) => [entry.start, entry]));
    for (const [start, { address, event }] of first) {
      if (start !== but) {
        await send(start, address, event.device);
      }
    }
  };

  globalThis.playerEvents = {
    random,
    send,
    waiting,
    keep: (start, address, event) => write(`${PREFIX}${start}:${event.key}`, JSON.stringify({ start, address, event })),
    // A window is a device: two of them must not both play one session.
    device: () => {
      const known = stored(
        () => sessionStorage.getItem("tactus-window"),
        () => null,
      );
      const device = known || random();
      stored(
        () => sessionStorage.setItem("tactus-window", device),
        () => null,
      );
      return device;
    },
  };

  const here = () => document.querySelector("[data-player]")?.dataset.start;
  window.addEventListener("online", () => sendOthers(here()));
  sendOthers(here());
}
