// How far a session is: the events of a player read along the clock. It reads them as clinic/courses/given.py does, to the millisecond;
// a test runs both on the same events. Events: {key, device, seq, at_ms, kind, value}; times in milliseconds since the start.
{
  const MOST_MORE = 300;
  const AFTER_THE_LAST = new Set(["begun", "longer"]);
  const compare = (one, other) => (one < other ? -1 : Number(one > other));
  const inOrder = (one, other) =>
    one.at_ms - other.at_ms || compare(one.device, other.device) || one.seq - other.seq || compare(one.key, other.key);

  class Clock {
    constructor(planned) {
      this.planned = planned;
      this.target = planned.map((seconds) => seconds * 1000);
      this.elapsed = planned.map(() => 0);
      this.most = planned.map((seconds) => (seconds + MOST_MORE) * 1000);
      this.skipped = new Map();
      this.hurts = new Map();
      this.row = planned.length ? 0 : null;
      this.at = 0;
      this.isPaused = false;
      this.isFinal = false;
      this.stop = "";
      this.ended = planned.length ? null : 0;
    }

    runTo(moment) {
      while (this.row !== null && !this.isPaused && this.at < moment) {
        const passed = Math.min(moment - this.at, this.leftOf(this.row));
        this.elapsed[this.row] += passed;
        this.at += passed;
        if (this.elapsed[this.row] >= this.target[this.row]) {
          this.goOn();
        }
      }
      this.at = Math.max(this.at, moment);
    }

    leftOf(row) {
      return Math.max(this.target[row] - this.elapsed[row], 0);
    }

    goOn() {
      let row = this.row + 1;
      while (this.skipped.has(row)) {
        row += 1;
      }
      this.goTo(row < this.planned.length ? row : null);
    }

    goTo(row) {
      this.row = row;
      if (row === null) {
        this.ended = this.at;
      }
    }

    take({ kind, value }) {
      if (kind === "hurt") {
        const row = this.has(value.row) ? value.row : null;
        this.hurts.set(`${value.zone} ${value.side} ${row}`, { zone: value.zone, side: value.side, row });
      } else if (!this.isFinal) {
        this.beforeTheEnd(kind, value);
      }
    }

    has(row) {
      return Number.isInteger(row) && row >= 0 && row < this.planned.length;
    }

    beforeTheEnd(kind, value) {
      if (kind === "stopped" || kind === "finished") {
        this.stop = kind === "stopped" ? value.reason : this.stop;
        this.isFinal = true;
        if (this.row !== null) {
          this.goTo(null);
        }
      } else if (this.row === null && !AFTER_THE_LAST.has(kind)) {
        return;
      } else if (kind === "paused" || kind === "resumed") {
        this.isPaused = kind === "paused";
      } else if (this.has(value.row)) {
        this.atRow(kind, value);
      }
    }

    atRow(kind, value) {
      const row = value.row;
      if (kind === "begun") {
        this.begin(row);
      } else if (kind === "skipped") {
        this.skipped.set(row, value.reason);
        if (row === this.row) {
          this.goOn();
        }
      } else if (kind === "longer" || kind === "shorter") {
        const wanted = this.target[row] + (kind === "longer" ? 1000 : -1000) * Math.abs(value.seconds);
        this.target[row] = Math.min(Math.max(wanted, this.elapsed[row]), this.most[row]);
      }
    }

    begin(row) {
      this.skipped.delete(row);
      if (this.elapsed[row] >= this.target[row]) {
        this.target[row] = this.elapsed[row] + this.planned[row] * 1000;
        this.most[row] = this.target[row] + MOST_MORE * 1000;
      }
      this.ended = null;
      this.goTo(row);
    }

    played() {
      const ahead = (row) => (this.skipped.has(row) ? 0 : this.leftOf(row));
      const left = this.row === null ? 0 : this.target[this.row] - this.elapsed[this.row];
      return {
        row: this.row,
        left,
        ahead: this.row === null ? 0 : this.planned.reduce((sum, _each, row) => sum + (row > this.row ? ahead(row) : 0), left),
        isPaused: this.isPaused,
        isFinal: this.isFinal,
        ended: this.ended,
        stop: this.stop,
        hurts: [...this.hurts.values()],
        rows: this.planned.map((planned, row) => ({
          planned,
          target: this.target[row] / 1000,
          given: Math.floor(this.elapsed[row] / 1000),
          reason: this.skipped.get(row) || "",
        })),
      };
    }
  }

  // Not a module: the name is read by the other files of the player.
  globalThis.playedUntil = (planned, events, now) => {
    const clock = new Clock(planned);
    const known = new Map();
    for (const event of [...events].sort(inOrder)) {
      if (!known.has(event.key)) {
        known.set(event.key, event);
      }
    }
    for (const event of known.values()) {
      clock.runTo(event.at_ms);
      clock.take(event);
    }
    clock.runTo(now);
    return clock.played();
  };
}
