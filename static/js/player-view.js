// Draws how far a session is: the row, its ring, the map, the line of the whole session and the list. It decides nothing.
{
  const root = document.querySelector("[data-player]");
  const all = (selector, within = root) => [...within.querySelectorAll(selector)];
  const one = (selector) => root.querySelector(selector);
  const rows = all("[data-row]");
  const planned = root.dataset.planned.trim().split(/\s+/);
  const SOON = 30_000;

  const watch = (milliseconds) => {
    const seconds = Math.ceil(milliseconds / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };

  const write = (element, text) => {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  };

  const set = (element, name, value) => {
    if (element.getAttribute(name) !== String(value)) {
      element.setAttribute(name, value);
    }
  };

  const light = (row) => {
    const places = new Set(row === null ? [] : rows[row].dataset.places.split(" "));
    for (const shape of all(".body-drawing [data-place]")) {
      shape.classList.toggle("is-lit", places.has(shape.dataset.place));
    }
    for (const view of all(".player-map .body-view")) {
      view.classList.toggle("is-away", row !== null && !view.querySelector(".is-lit"));
    }
  };

  const showRow = (row) => {
    rows.forEach((each, index) => {
      each.hidden = index !== row;
    });
    one("[data-over]").hidden = row !== null;
    one("[data-controls]").hidden = row === null;
    one("[data-do=finish]").hidden = row === null;
    all("[data-here-of]").forEach((each) => {
      each.hidden = Number(each.dataset.hereOf) !== row;
    });
    one("[data-do=back] button").setAttribute("aria-disabled", String(row === 0));
    light(row);
  };

  const showItem = (item, given, state) => {
    item.className = item.className.replace(/\bis-\w+/, `is-${state}`);
    item.toggleAttribute("aria-current", state === "now");
    if (state === "now") {
      item.setAttribute("aria-current", "step");
    }
    item.querySelector("[data-item-bar]").max = Math.max(given.target, 1);
    item.querySelector("[data-item-bar]").value = given.given;
    write(item.querySelector("[data-item-time]"), watch((state === "now" || state === "coming" ? given.target : given.given) * 1000));
    write(item.querySelector("[data-item-word]"), state === "skipped" ? one("[data-words]").dataset.wordsSkipped : "");
  };

  const stateOf = (index, seen) => {
    if (seen.rows[index].reason) {
      return "skipped";
    }
    if (index === seen.row) {
      return "now";
    }
    return seen.row === null || index < seen.row ? "past" : "coming";
  };

  const showList = (seen) => {
    all("[data-item]").forEach((item, index) => showItem(item, seen.rows[index], stateOf(index, seen)));
    all("[data-piece]").forEach((piece, index) => piece.classList.toggle("is-past", ["past", "skipped"].includes(stateOf(index, seen))));
  };

  const showCursor = (seen, share) => {
    const { at, length } = seen.row === null ? { at: 995, length: 0 } : rows[seen.row].dataset;
    set(one("[data-cursor]"), "x", Math.min(Number(at) + Number(length) * share, 995).toFixed(1));
  };

  const givenOf = (seen) => seen.rows.reduce((sum, row) => sum + row.given, 0);

  const showEnd = (seen) => {
    for (const each of all("[data-end]")) {
      each.hidden = (each.dataset.end === "stopped") !== Boolean(seen.stop);
    }
    one("[data-do=again]").hidden = seen.isFinal;
    one("[data-then]").hidden = seen.stop === "wish"; // no sign of the body, so nothing to measure
    const isLess = seen.rows.some((row, index) => row.given < Number(planned[index]));
    one("[data-all]").hidden = isLess;
    one("[data-less]").hidden = !isLess;
    write(one("[data-given]"), watch(givenOf(seen) * 1000));
    one("[data-end] [data-grave]").hidden = !one(`[data-do=stop] [value="${seen.stop}"][data-grave]`);
  };

  // In its first minute a start is taken back without a word; later somebody says why.
  const showYoung = (isYoung) => {
    one("[data-young]").hidden = !isYoung;
    one("[data-old]").hidden = isYoung;
    one("[data-old] input").required = !isYoung;
  };

  const changed = new Map();
  const when = (name, value, work) => {
    if (changed.get(name) !== value) {
      changed.set(name, value);
      work();
    }
  };

  const draw = (seen) => {
    const target = seen.row === null ? 1 : seen.rows[seen.row].target * 1000;
    const share = seen.row === null ? 1 : Math.max(0, 1 - seen.left / Math.max(target, 1));
    when("row", seen.row, () => showRow(seen.row));
    when("end", `${seen.row} ${seen.isFinal} ${seen.stop}`, () => showEnd(seen));
    when("list", JSON.stringify([seen.rows, seen.row]), () => showList(seen));
    when("young", givenOf(seen) < 60, () => showYoung(givenOf(seen) < 60));
    when("paused", seen.isPaused, () => {
      one("[data-paused]").hidden = !seen.isPaused;
      one("[data-do=pause]").hidden = seen.isPaused;
      one("[data-do=resume]").hidden = !seen.isPaused;
      root.classList.toggle("is-paused", seen.isPaused);
    });
    write(one("[data-left]"), watch(seen.left));
    write(one("[data-ahead]"), watch(seen.ahead));
    set(one("[data-arc]"), "stroke-dashoffset", (100 * share).toFixed(1));
    showCursor(seen, share);
    if (seen.row !== null) {
      rows[seen.row].classList.toggle("is-soon", seen.left <= SOON);
      one("[data-ring]").className = `player-ring ${[...rows[seen.row].classList].find((each) => each.startsWith("family-")) || ""}`;
    }
  };

  const words = one("[data-words]").dataset;
  const say = (text) => write(one("[data-say]"), text);

  const kept = (state, unsent, refused = "") => {
    for (const each of all("[data-when]")) {
      each.hidden = each.dataset.when !== state;
    }
    all("[data-unsent]").forEach((each) => write(each, String(unsent)));
    write(one("[data-refused]"), refused);
  };

  let fading = 0;
  const toast = (text) => {
    const line = one("[data-toast]");
    line.hidden = false;
    write(line, text);
    window.clearTimeout(fading);
    fading = window.setTimeout(() => {
      line.hidden = true;
    }, 4000);
  };

  const alarm = (warnings) =>
    when("alarm", JSON.stringify(warnings), () => {
      const lines = warnings.map((warning) => {
        const line = document.createElement("p");
        line.append(Object.assign(document.createElement("b"), { textContent: warning.sentence }));
        return line;
      });
      one("[data-alarm]").replaceChildren(...lines);
    });

  globalThis.playerView = { root, one, all, rows, words, draw, say, kept, toast, alarm, SOON };
}
