// The hand stays where it was when the studio comes back after an act: the focus, the place in the order, the height on the screen.
{
  const desk = () => document.getElementById("desk");
  const opener = (row) => row?.querySelector(".studio-name");
  let held = null; // where the focus was, and what stands beside it
  let instead = null; // what has the focus until the same control has come

  // Where the hand is on the screen: there the same thing stands after an act, whatever has become longer or shorter above it.
  const height = (element) => {
    const { top } = element?.closest("#act") ? element.getBoundingClientRect() : { top: -1 };
    return top >= 0 && top <= window.innerHeight ? top : null;
  };

  const remember = () => {
    const at = document.activeElement;
    const row = at?.closest("[data-key]");
    const place = row ? [...row.parentElement.children].indexOf(row) : -1;
    held = { id: at?.id, isSomewhere: at !== null && at !== document.body, top: height(at), row: row?.dataset.key, place };
  };

  // The same control; else the same step, wherever it stands now; else the one that has taken its place.
  const sought = () => {
    const rows = [...desk().querySelectorAll("[data-key]")];
    const row = rows.find((each) => each.dataset.key === held.row) ?? rows[Math.min(held.place, rows.length - 1)];
    const same = held.id && document.getElementById(held.id);
    return { same, hand: same || (held.place >= 0 && opener(row)) };
  };

  // Where to go when the button itself has gone with what it did.
  const near = () => {
    const reason = desk().querySelector("#reasons select")?.id ?? "do-keep";
    const next = { do: "do-undo", soft: reason }[held.id?.split("-")[0]];
    return document.getElementById(next ?? "session-title");
  };

  const takeUp = () => {
    if (!held) return;
    const { same, hand } = sought();
    if (held.isSomewhere && [document.body, null, instead].includes(document.activeElement)) {
      const next = hand || near();
      next?.focus({ preventScroll: held.top !== null || Boolean(same) || held.place < 0 });
      instead = same ? null : next;
    }
    if (hand && hand === document.activeElement && held.top !== null) {
      window.scrollBy({ top: hand.getBoundingClientRect().top - held.top, behavior: "instant" });
    }
  };

  const showLimit = () => desk().querySelector(".studio-refused")?.scrollIntoView({ block: "nearest" });

  globalThis.studioHand = { remember, takeUp, showLimit };
}
