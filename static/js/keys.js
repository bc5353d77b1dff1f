// "/" goes to the search over everything (where a page has none, to its own). "g" and a letter go to a page of the navigation, "?" opens
// the sheet of keys. Never while somebody types, and not where single keys are turned off. Escape closes an open menu.
{
  const NAME = "tactus-keys";
  const PAGES = { KeyH: "/", KeyT: "/today/", KeyI: "/inbox/", KeyP: "/patients/", KeyC: "/calendar/", KeyL: "/library/" };
  const OWN_SHEET = "#studio-keys, [data-player]";
  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable], dialog") !== null;
  const isShown = (element) => element !== null && element.offsetParent !== null;
  const find = (selector) => [...document.querySelectorAll(selector)].find(isShown) ?? null;
  const areOff = () => localStorage.getItem(NAME) === "off";
  const WAITS = 5000; // ms: a slow machine, or a slow hand, still gets where it wanted to
  let wentAt = -WAITS;

  const search = () => {
    const box = find("[data-search-box]") ?? find("input[type=search]");
    if (box === null) return find("[data-search-page]");
    box.focus();
    box.select();
    return box;
  };

  const goTo = (code) => find(`.rail a[href="${PAGES[code]}"], .tabbar-nav a[href="${PAGES[code]}"], a.brand[href="${PAGES[code]}"]`);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
    // On a keyboard with Cyrillic letters the key of the stroke gives a full stop.
    const isStroke = event.key === "/" || (event.code === "Slash" && event.key === ".");
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || areOff()) return;
    const isSecond = event.timeStamp - wentAt < WAITS && PAGES[event.code];
    wentAt = event.code === "KeyG" && !document.querySelector("[data-player]") ? event.timeStamp : -WAITS;
    const sheet = event.key === "?" && !document.querySelector(OWN_SHEET) ? document.querySelector("[data-keys-page]") : null;
    const does = isStroke ? search() : isSecond ? goTo(event.code) : sheet;
    if (does === null) return;
    event.preventDefault();
    if (does.tagName === "A") does.click();
  });

  document.addEventListener("click", (event) => {
    wentAt = -WAITS;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    }
  });
}
