// Arrow left and right turn to the date before and after, "t" to today, as long as nobody is typing or choosing.
const isBusy = (element) => element.closest("input, textarea, select, [contenteditable], [role=tab]") !== null;
const ways = { ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]", t: "a[data-today]", T: "a[data-today]" };

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  const link = isPlain && ways[event.key] && document.querySelector(ways[event.key]);
  // A board that is wider than the window scrolls by the same keys.
  const board = event.target.closest(".board");
  const scrolls = board && board.scrollWidth > board.clientWidth && event.key.startsWith("Arrow");
  if (link && !isBusy(event.target) && !scrolls) {
    event.preventDefault();
    link.click();
  }
});
