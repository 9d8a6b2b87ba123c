// Makes and shows passkeys.  Without this file, or where the browser knows none, the password is the way in.
"use strict";
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) { return; }

  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function asked(form, address) {
    const response = await fetch(address, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const question = await response.json();
    if (question.to) { window.location.assign(question.to); }
    return question.publicKey;
  }

  function answered(form, credential) {
    const told = { id: credential.id, rawId: text(credential.rawId), type: credential.type,
      clientExtensionResults: {}, response: {} };
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) { told.response[part] = text(credential.response[part]); }
    }
    form.elements.answer.value = JSON.stringify(told);
    // The password has done its work, and need not be sent twice.
    if (form.elements.password) { form.elements.password.value = ""; }
    HTMLFormElement.prototype.submit.call(form);
  }

  function watch(form, work) {
    form.hidden = false;
    const failed = form.querySelector("[data-failed]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try { await work(); } catch { failed.hidden = false; }
    });
  }

  const added = document.getElementById("new-passkey");
  if (added) {
    watch(added, async () => {
      const question = await asked(added, "/passkeys/new");
      if (!question) { return; }
      answered(added, await navigator.credentials.create({ publicKey: { ...question,
        challenge: bytes(question.challenge),
        user: { ...question.user, id: bytes(question.user.id) },
        excludeCredentials: named(question.excludeCredentials) } }));
    });
  }

  const shown = document.getElementById("with-passkey");
  if (shown) {
    watch(shown, async () => {
      const question = await asked(shown, "/login/passkey/ask");
      if (!question) { return; }
      answered(shown, await navigator.credentials.get({ publicKey: { ...question,
        challenge: bytes(question.challenge), allowCredentials: named(question.allowCredentials) } }));
    });
  }
})();
