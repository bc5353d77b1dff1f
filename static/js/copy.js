// A button marked data-copy copies the field that it names. Where a browser does not allow it, the field stays selected.
const copied = async (field) => {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy"); // an older way, which some browsers allow where they deny the newer one
  }
};

for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.toggleAttribute("hidden", false);
  button.addEventListener("click", async () => {
    if (await copied(field)) document.getElementById(button.dataset.copied).toggleAttribute("hidden", false);
  });
}
