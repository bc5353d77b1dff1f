// Signals without a touch: a change of row is seen, heard or felt, the tempo is beaten, the screen stays on. What is chosen is kept on
// this device. Tones are made here; nothing is loaded.
{
  const { root, one, rows } = globalThis.playerView;
  const NAME = "tactus-signals";
  const form = one("[data-cues]") || document.querySelector("[data-cues]");
  const chosen = { change: "silent", beat: "off", keys: "on" };
  let audio = null;

  const load = () => {
    try {
      Object.assign(chosen, JSON.parse(localStorage.getItem(NAME) || "{}"));
    } catch {
      return; // no storage: the choice lasts as long as the page
    }
    for (const [name, value] of Object.entries(chosen)) {
      const radio = form.querySelector(`[name="${name}"][value="${value}"]`);
      if (radio) {
        radio.checked = true;
      }
    }
  };

  const context = () => {
    audio = audio || new AudioContext();
    if (audio.state === "suspended") {
      audio.resume();
    }
    return audio;
  };

  const tone = (pitch, after, length, loudness) => {
    const now = context().currentTime + after;
    const sound = audio.createOscillator();
    const volume = audio.createGain();
    sound.frequency.value = pitch;
    volume.gain.setValueAtTime(0, now);
    volume.gain.linearRampToValueAtTime(loudness, now + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + length);
    sound.connect(volume).connect(audio.destination);
    sound.start(now);
    sound.stop(now + length + 0.05);
  };

  // Two notes upwards: the next row. Three: turn over. Two downwards: over.
  const TUNES = { row: [392, 523], turn: [392, 523, 659], over: [523, 349] };
  const SHAKES = { row: [120], turn: [120, 120, 120, 120, 260], over: [400] };

  const signal = (kind) => {
    if (chosen.change === "sound") {
      TUNES[kind].forEach((pitch, turn) => tone(pitch, turn * 0.22, 0.5, 0.16));
    } else if (chosen.change === "vibration") {
      navigator.vibrate?.(SHAKES[kind]);
    }
  };

  // The beat ------------------------------------------------------------------------------------------------------------------
  const dot = one("[data-dot]");
  let timer = 0;
  let due = 0;
  let pace = 0;

  const beatOnce = () => {
    if (chosen.beat === "sound") {
      tone(196, 0, 0.12, 0.08);
    } else if (chosen.beat === "vibration") {
      navigator.vibrate?.(30);
    } else {
      dot.classList.add("is-beat");
      window.setTimeout(() => dot.classList.remove("is-beat"), 160);
    }
  };

  const goOn = () => {
    beatOnce();
    due = Math.max(due + pace, performance.now());
    timer = window.setTimeout(goOn, due - performance.now());
  };

  const beat = (seen) => {
    const figure = seen.row === null || seen.isPaused || chosen.beat === "off" ? 0 : Number(rows[seen.row].dataset.beat || 0);
    const wanted = figure ? 60_000 / figure : 0;
    dot.hidden = !(wanted && chosen.beat === "dot");
    if (wanted !== pace) {
      window.clearTimeout(timer);
      pace = wanted;
      due = performance.now();
      if (pace) {
        goOn();
      }
    }
  };

  // The screen ----------------------------------------------------------------------------------------------------------------
  let lock = null;
  let isWanted = false;

  const awake = async (wanted) => {
    isWanted = wanted;
    const note = form.querySelector("[data-awake]");
    if (!wanted) {
      await lock?.release();
      lock = null;
    } else if (!lock && navigator.wakeLock && document.visibilityState === "visible") {
      try {
        lock = await navigator.wakeLock.request("screen");
        lock.addEventListener("release", () => {
          lock = null;
        });
      } catch {
        lock = null; // a device that saves its battery says no; the session goes on by the clock all the same
      }
    }
    note.hidden = !lock;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && isWanted) {
      awake(true);
    }
  });

  form.addEventListener("change", (event) => {
    chosen[event.target.name] = event.target.value;
    try {
      localStorage.setItem(NAME, JSON.stringify(chosen));
    } catch {
      form.dataset.kept = "no";
    }
    pace = 0;
    window.clearTimeout(timer);
    if (event.target.name === "change") {
      signal("row");
    }
  });

  // A browser lets no page sound before it was touched once.
  const wake = () => {
    if (chosen.change === "sound" || chosen.beat === "sound") {
      context();
    }
  };
  root.addEventListener("pointerdown", wake);
  document.addEventListener("keydown", wake);
  if (!navigator.vibrate) {
    form.querySelectorAll("[data-needs=vibrate]").forEach((each) => each.remove());
  }
  load();
  globalThis.playerCues = { chosen, signal, beat, awake };
}
