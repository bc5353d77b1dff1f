// A button marked data-copy copies the field that it names. It is hidden where a browser cannot.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.toggleAttribute("hidden", !navigator.clipboard);
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    document.getElementById(button.dataset.copied).toggleAttribute("hidden", false);
  });
}
