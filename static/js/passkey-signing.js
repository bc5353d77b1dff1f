// Signing with a passkey: the browser asks for it over this very document, and the form goes off with its answer.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

async function answerFor(options, meaning) {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(options.challenges[meaning]),
      rpId: options.rpId,
      allowCredentials: options.credentials.map((id) => ({ type: "public-key", id: bytes(id) })),
      userVerification: "required",
      timeout: 120000,
    },
  });
  return JSON.stringify({
    id: credential.id,
    type: credential.type,
    response: {
      clientDataJSON: text(credential.response.clientDataJSON),
      authenticatorData: text(credential.response.authenticatorData),
      signature: text(credential.response.signature),
    },
  });
}

document.querySelectorAll("[data-passkey]").forEach((button) => {
  if (!window.PublicKeyCredential) {
    return;
  }
  const { form } = button;
  const failed = form.querySelector(".sign-failed");
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!form.reportValidity()) {
      return;
    }
    failed.hidden = true;
    try {
      form.elements.passkey.value = await answerFor(JSON.parse(button.dataset.passkey), form.elements.meaning.value);
      form.requestSubmit();
    } catch {
      failed.hidden = false;
    }
  });
});
