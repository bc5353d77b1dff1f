// Says when the time of held places is over; until then the page says how long they are held.
(() => {
  const look = () => {
    const held = document.querySelector("[data-hold-until]");
    const over = document.getElementById("hold-over");
    if (held && over) {
      over.hidden = Date.now() < Date.parse(held.dataset.holdUntil);
    }
  };
  setInterval(look, 5000);
})();
