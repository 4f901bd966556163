// <form data-module="field-job" data-job data-reference data-send>: what is said is kept on the telephone first, with a
// key of its own, and sent from there, whether there is a connection or not.
import { about, all, put, remove } from "./store.js";
import { sendAll } from "./sending.js";
import { show, telephone } from "./telephone.js";

const LEFT_OUT = ["csrfmiddlewaretoken", "submission_key"];

export function startForms() {
  const root = telephone();
  if (!root || !window.indexedDB) return;
  for (const form of document.querySelectorAll('form[data-module="field-job"]')) {
    form.addEventListener("submit", (event) => {
      if (!isChosen(form) && navigator.onLine && form.elements.csrfmiddlewaretoken) return; // the server says what is missing
      event.preventDefault();
      keepAndSend(form, root);
    });
  }
}

async function keepAndSend(form, root) {
  const status = root.querySelector('[data-field="status"]');
  if (!isChosen(form)) {
    status.textContent = status.dataset.choose;
    return form.querySelector("input[name=chosen]")?.focus();
  }
  const { who } = await about();
  if (who === null) return form.submit(); // nothing was ever fetched: an ordinary form
  const key = (form.dataset.key ||= crypto.randomUUID()); // pressed twice, it is one act
  await put("acts", { key, who, ...named(form), fields: said(form), toldAt: new Date().toISOString(), refused: "" });
  status.textContent = status.dataset.sending;
  const { state } = await sendAll(root.dataset.day);
  const kept = (await all("acts")).find((act) => act.key === key);
  if (kept?.status === 400) {
    await remove("acts", key); // the form is still here, with everything that was typed
    await show(root, state);
    status.textContent = kept.refused;
    return status.scrollIntoView();
  }
  location.assign(root.dataset.start);
}

const isChosen = (form) => Boolean(new FormData(form).get("chosen"));

const named = (form) => ({
  job: Number(form.dataset.job),
  reference: form.dataset.reference,
  send: form.dataset.send,
});

const said = (form) => [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.includes(name) && (value.size ?? 1));
