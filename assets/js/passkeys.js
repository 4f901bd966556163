// <form data-module="portal-passkey" data-passkey="create|get" data-options="{…}"> makes or uses a passkey when it is sent.
//
// data-source="/address" instead of data-options: the challenge is asked for at that moment. What the browser answers goes
// into the field `credential`. Elements inside: [data-passkey-needs] (hidden until the browser can), [data-passkey-else]
// (shown until then), [data-passkey-error] (gets the sentences of data-cancelled, data-known and data-failed).
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

export function startPasskeys(root = document) {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  for (const form of root.querySelectorAll('[data-module="portal-passkey"]')) new PasskeyForm(form);
}

class PasskeyForm {
  constructor(form) {
    this.form = form;
    this.field = form.elements.credential;
    for (const element of form.querySelectorAll("[data-passkey-needs]")) element.hidden = false;
    for (const element of form.querySelectorAll("[data-passkey-else]")) element.hidden = true;
    form.addEventListener("submit", (event) => this.onSubmit(event));
  }

  async onSubmit(event) {
    event.preventDefault();
    if (this.isBusy) return;
    this.isBusy = true;
    this.say("");
    try {
      const { publicKey } = await this.options();
      this.field.value = JSON.stringify(await (this.form.dataset.passkey === "create" ? make(publicKey) : use(publicKey)));
      this.form.submit();
    } catch (error) {
      this.isBusy = false;
      this.say(this.sentenceFor(error));
    }
  }

  async options() {
    const { options, source } = this.form.dataset;
    if (options) return JSON.parse(options);
    const answer = await fetch(source, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  sentenceFor({ name }) {
    const { cancelled, known, failed } = this.form.dataset;
    if (name === "NotAllowedError" || name === "AbortError") return cancelled;
    return name === "InvalidStateError" && known ? known : failed;
  }

  say(sentence) {
    const place = this.form.querySelector("[data-passkey-error]");
    place.textContent = sentence;
    place.hidden = !sentence;
  }
}

async function make(options) {
  const credential = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: (options.excludeCredentials ?? []).map(known),
    },
  });
  const { clientDataJSON, attestationObject } = credential.response;
  return plain(credential, { clientDataJSON, attestationObject });
}

async function use(options) {
  const credential = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: (options.allowCredentials ?? []).map(known),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return plain(credential, { clientDataJSON, authenticatorData, signature, userHandle });
}

function known(credential) {
  return { ...credential, id: bytes(credential.id) };
}

function plain(credential, response) {
  const written = Object.entries(response).filter(([, buffer]) => buffer);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(written.map(([name, buffer]) => [name, text(buffer)])),
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}
