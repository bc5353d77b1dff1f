// What was found is gone through with the arrow keys: from the box to the first, on from there, and back up. Escape returns to the box.
const boxOf = (search) => search.querySelector("input[type=text], input[type=search]");
const linksOf = (search) => [...search.querySelectorAll("[data-results] a")];

document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.("[data-search]");
  if (!search || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = linksOf(search);
  const place = links.indexOf(event.target);
  if (event.key === "Escape") {
    boxOf(search).focus();
    if (place < 0) search.querySelector(".everywhere-found")?.replaceChildren();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const next = place + (event.key === "ArrowDown" ? 1 : -1);
  if (next >= links.length || (place < 0 && next < 0)) return;
  event.preventDefault();
  (next < 0 ? boxOf(search) : links[next]).focus();
});
