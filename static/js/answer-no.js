// "No" to everything still open: only groups where nothing was chosen, and never a question that is hidden behind another one.
document.querySelectorAll("[data-answer-no]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const form = button.closest("form");
    form.querySelectorAll('input[type="radio"][value="no"]').forEach((radio) => {
      const group = form.querySelectorAll(`input[type="radio"][name="${CSS.escape(radio.name)}"]`);
      const isOpen = ![...group].some((one) => one.checked);
      const isConsent = radio.name.includes("consent");
      if (isOpen && !isConsent && radio.offsetParent !== null) {
        radio.checked = true;
      }
    });
    form.querySelector('button[type="submit"]').focus();
  });
});
