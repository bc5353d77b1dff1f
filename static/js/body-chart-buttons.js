// Rows of a body chart are added and removed on the page; without this file the same buttons ask the server.
{
  const { form, list, field } = globalThis.chartRows;
  const { brush } = globalThis.chartMarks;
  const { fresh, takeAway } = globalThis.chartList;
  const more = form.querySelector("[data-more]");

  more.addEventListener("click", (event) => {
    event.preventDefault();
    const row = fresh();
    field(row, "kind").value = brush();
    field(row, "zone").focus();
  });

  list.addEventListener("click", (event) => {
    const remove = event.target.closest("[data-remove]");
    if (!remove) {
      return;
    }
    event.preventDefault();
    const row = remove.closest("[data-row]");
    const next = row.nextElementSibling || row.previousElementSibling;
    takeAway(row);
    (next ? field(next, "zone") : more).focus();
  });
}
