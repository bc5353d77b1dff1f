// A tap on the back turns the answer of that place: tense, flaccid, nothing. The list beside it is the form; the drawing follows it.
{
  const NEXT = { "": "tense", tense: "flaccid", flaccid: "" };
  const form = () => document.getElementById("felt");
  const rowOf = (place) => form().querySelector(`[data-felt-row="${CSS.escape(place)}"]`);
  const answer = (row) => row.querySelector("input:checked")?.value ?? "";
  const pending = new Map(); // what is marked and not sent yet outlives another change of the plan

  const draw = () => {
    if (!form()) return;
    for (const row of form().querySelectorAll("[data-felt-row]")) {
      const shape = form().querySelector(`[data-felt="${CSS.escape(row.dataset.feltRow)}"]`);
      for (const felt of ["tense", "flaccid"]) {
        shape?.classList.toggle(`is-${felt}`, answer(row) === felt);
      }
    }
  };

  const choose = (row, felt) => {
    const input = row.querySelector(`input[value="${felt}"]`);
    if (input && !input.disabled) {
      input.checked = true;
    }
  };

  const near = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  document.addEventListener("click", (event) => {
    const shape = near(event, "#felt [data-felt]");
    const row = shape && rowOf(shape.dataset.felt);
    if (row) {
      choose(row, NEXT[answer(row)]);
      draw();
    }
  });
  document.addEventListener("change", (event) => near(event, "#felt [data-felt-row]") && draw());
  document.addEventListener("submit", (event) => event.target.id === "felt" && (pending.sent = true));
  document.addEventListener("htmx:beforeSwap", () => {
    for (const row of form()?.querySelectorAll("[data-felt-row]") ?? []) {
      if (!row.querySelector("input:checked")?.defaultChecked) {
        pending.set(row.dataset.feltRow, answer(row));
      }
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const isRefused = Boolean(document.querySelector("#desk[data-refused]"));
    for (const [place, felt] of form() && (!pending.sent || isRefused) ? pending : []) {
      const row = rowOf(place);
      if (row) choose(row, felt);
    }
    const words = document.getElementById("felt-why-words");
    if (words && pending.sent && !isRefused) {
      words.value = ""; // they stand with the marks now
    }
    pending.clear();
    pending.sent = false;
    draw();
  });
  draw();
}
