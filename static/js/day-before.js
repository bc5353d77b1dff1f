// "Nothing new" invents no reading: where one is missing the focus goes there, and nothing is sent. A start is sent once.
const isMissing = (reading) => {
  const number = reading.querySelector("input:not([type=checkbox])");
  const notKnown = reading.querySelector("input[type=checkbox]");
  return number && !number.value.trim() && !(notKnown && notKnown.checked);
};

document.addEventListener("input", (event) => {
  const reading = event.target instanceof Element && event.target.closest(".before-readings .is-missing");
  if (reading && !isMissing(reading)) reading.classList.remove("is-missing");
});

document.querySelectorAll("[data-nothing-new]").forEach((button) => {
  button.addEventListener("click", (event) => {
    const readings = [...button.closest("form").querySelectorAll(".before-readings .reading")];
    const missing = readings.filter(isMissing);
    readings.forEach((reading) => reading.classList.toggle("is-missing", missing.includes(reading)));
    if (missing.length) {
      event.preventDefault();
      missing[0].querySelector("input:not([type=checkbox])").focus();
    }
  });
});

document.querySelectorAll("form[data-once]").forEach((form) => {
  form.addEventListener("submit", () => {
    window.setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = true)));
  });
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once] button[type=submit]").forEach((button) => (button.disabled = false));
});
