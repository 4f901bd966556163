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
      event.preventDefault();
      keepAndSend(form, root);
    });
  }
}

async function keepAndSend(form, root) {
  const status = root.querySelector('[data-field="status"]');
  for (const field of form.querySelectorAll("input[type=file]")) point(field, "");
  const first = form.querySelector("input[name=chosen]");
  point(first, "");
  const [field, words] = problemWith(form, first, status);
  if (field) return point(field, words).focus();
  const { who } = await about();
  if (who === null) return form.submit(); // nothing was ever fetched: an ordinary form
  const key = (form.dataset.key ||= crypto.randomUUID()); // pressed twice, it is one act
  const act = { key, who, ...named(form), fields: said(form), toldAt: new Date().toISOString(), refused: "" };
  const isKept = await put("acts", act).then(() => true, () => false);
  status.textContent = isKept ? status.dataset.sending : status.dataset.full;
  status.scrollIntoView();
  if (!isKept) return;
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

// What the server would refuse when it is too late to mend it. On the telephone the photos are still there.
function problemWith(form, first, { dataset }) {
  for (const field of form.querySelectorAll("input[type=file]")) {
    if (field.files.length > field.dataset.most) return [field, field.dataset.many];
    if ([...field.files].some(({ size }) => size > field.dataset.largest)) return [field, field.dataset.large];
  }
  return isChosen(form) ? [] : [first, dataset.choose];
}

// Says it where it is; without words there is nothing wrong there.
function point(field, words) {
  const group = field.closest(".govuk-form-group");
  group.classList.toggle("govuk-form-group--error", Boolean(words));
  group.querySelector(".govuk-error-message")?.remove();
  if (words) {
    const line = Object.assign(document.createElement("p"), { className: "govuk-error-message", textContent: words });
    line.setAttribute("role", "alert");
    (field.closest(".govuk-radios") ?? field).before(line);
  }
  return field;
}

const isChosen = (form) => Boolean(new FormData(form).get("chosen"));

const named = (form) => ({
  job: Number(form.dataset.job),
  reference: form.dataset.reference,
  send: form.dataset.send,
});

const said = (form) => [...new FormData(form)].filter(([name, value]) => !LEFT_OUT.includes(name) && (value.size ?? 1));
