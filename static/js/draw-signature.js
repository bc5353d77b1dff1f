// A signature drawn with a finger, a pen or the mouse, kept as the path of an SVG: M, L, figures and blanks only. Without this the name and the tick sign.
const WIDTH = 600;
const HEIGHT = 200;
const NEAR = 3; // units of the board: nearer points say nothing new
const LONGEST = 24000; // as the server allows

const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));

document.querySelectorAll("[data-draw]").forEach((area) => {
  const board = area.querySelector("[data-draw-board]");
  const ink = area.querySelector("[data-draw-ink]");
  const field = area.closest("form").querySelector("input[name=drawing]");
  let last = null;
  let hasMoved = false;

  const show = () => ink.setAttribute("d", field.value);

  const point = (event) => {
    const box = board.getBoundingClientRect();
    return [
      within(((event.clientX - box.left) / box.width) * WIDTH, WIDTH),
      within(((event.clientY - box.top) / box.height) * HEIGHT, HEIGHT),
    ];
  };

  const draw = (event, letter, isDot = false) => {
    const [across, down] = point(event);
    const part = `${letter}${across} ${down}`;
    if (letter === "L" && !isDot && Math.hypot(across - last[0], down - last[1]) < NEAR) return;
    if (field.value.length + part.length > LONGEST) return;
    field.value += part;
    last = [across, down];
    show();
  };

  board.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    event.preventDefault();
    board.setPointerCapture(event.pointerId);
    draw(event, "M");
    hasMoved = false;
  });
  board.addEventListener("pointermove", (event) => {
    if (!event.isPrimary || !board.hasPointerCapture(event.pointerId)) return;
    hasMoved = true;
    draw(event, "L");
  });
  board.addEventListener("pointerup", (event) => {
    if (event.isPrimary && !hasMoved) draw({ clientX: event.clientX + 4, clientY: event.clientY }, "L", true); // a dot is to be seen too
  });
  area.querySelector("[data-draw-clear]").addEventListener("click", () => {
    field.value = "";
    show();
  });

  area.hidden = false;
  show();
});
