// The server drew the line of this moment; here it only moves on. The clock is the clinic's: counted from what the page said.
const ROW = 5;
const board = document.querySelector(".board");
const lines = board ? [...board.querySelectorAll(".now")] : [];
const began = Date.now();

const move = () => {
  const minute = Number(board.dataset.now) + (Date.now() - began) / 60000;
  const row = Math.floor((minute - Number(board.dataset.first)) / ROW) + 1;
  const rest = ((minute - Number(board.dataset.first)) % ROW) / ROW;
  for (const line of lines) {
    line.className = `now at-${Math.min(row, 288)} for-1`;
    line.style.setProperty("translate", `0 calc(var(--cell) * ${rest.toFixed(2)})`);
  }
};

if (lines.length) {
  move();
  window.setInterval(move, 30000);
  const seen = lines[0].getBoundingClientRect();
  if (window.matchMedia("(min-width: 48rem)").matches && seen.top > window.innerHeight) {
    window.scrollTo({ top: seen.top - window.innerHeight / 3 });
  }
}

// On a tablet a week is wider than the page: today is brought into sight.
const today = document.querySelector(".board-week .board-lane.is-today");
if (today) {
  board.scrollLeft = Math.max(0, today.offsetLeft + today.offsetWidth - board.clientWidth);
}
