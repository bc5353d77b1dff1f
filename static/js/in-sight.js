// A row of ways that is pushed along begins with the way one is on in the middle of it. Without this it begins at its start.
for (const current of document.querySelectorAll(":is(.tabs, .library-nav, .tabbar-nav) [aria-current]")) {
  const row = current.closest("ul");
  const [frame, here] = [row.getBoundingClientRect(), current.getBoundingClientRect()];
  row.scrollLeft += here.left - frame.left - (frame.width - here.width) / 2;
}
