// Passkeys: a form marked data-passkey asks the device before it is sent. "add" makes a passkey, "use" answers a question on
// the page, "sign-in" fetches the question first. Without a browser that knows passkeys the form stays hidden.
const options = (form) => JSON.parse(document.getElementById(form.dataset.options).textContent);

const asked = {
  add: (form) => {
    const wanted = options(form).creation_options;
    // The key stays on the device and the device checks its owner: that is what makes it enough without a password.
    Object.assign(wanted.publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
    return window.webauthnJSON.create(wanted);
  },
  use: (form) => window.webauthnJSON.get(options(form).request_options),
  "sign-in": async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      throw new Error(`the server answered ${answer.status}`);
    }
    return window.webauthnJSON.get((await answer.json()).request_options);
  },
};

const show = (element, visible) => element && element.toggleAttribute("hidden", !visible);

const send = async (event) => {
  event.preventDefault();
  const form = event.target;
  const trouble = form.querySelector("[data-passkey-trouble]");
  show(trouble, false);
  try {
    form.elements.credential.value = JSON.stringify(await asked[form.dataset.passkey](form));
    form.submit();
  } catch (wrong) {
    // Closing the device's own window is the commonest reason, so this is no error of the page.
    console.info(`no passkey: ${wrong.name}`);
    show(trouble, true);
  }
};

if (window.PublicKeyCredential && window.webauthnJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    show(form, true);
    form.addEventListener("submit", send);
  }
  for (const words of document.querySelectorAll("[data-passkey-unavailable]")) {
    show(words, false);
  }
}
