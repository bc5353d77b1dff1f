// A tap on the map fills in where a step is added.
document.addEventListener("click", (event) => {
  const place = event.target.closest?.("[data-add-map] [data-place]")?.dataset.place;
  const cut = place?.lastIndexOf("-");
  const option = place && document.querySelector(`#add-zone option[value="${CSS.escape(place.slice(0, cut))}"]`);
  if (!option) return;
  option.selected = true;
  document.querySelector(`[name="add-side"][value="${CSS.escape(place.slice(cut + 1))}"]`).checked = true;
});
