// <div data-module="field-telephone">: says what waits on this telephone and what was not taken; sends when it can.
import { about, actsOf, forgetJobs, put, remove } from "./store.js";
import { sendAll } from "./sending.js";

const inside = (root, name) => root.querySelector(`[data-field="${name}"]`);
export const telephone = () => document.querySelector('[data-module="field-telephone"]');

export function startTelephone() {
  const root = telephone();
  if (!root || !window.indexedDB) return;
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.start }).catch(() => {});
  }
  window.addEventListener("online", () => bringOver(root));
  bringOver(root);
}

async function bringOver(root) {
  const { state, sent } = await sendAll(root.dataset.day);
  if (state === "offline") await forgetYesterday();
  const standsIn = document.querySelector('[data-module="field-offline"]') && location.pathname !== root.dataset.page;
  if (state === "online" && (sent.length || standsIn) && !isWriting()) return location.reload();
  await show(root, state, sent);
}

// Somebody who has begun to say how a job ended is not interrupted.
function isWriting() {
  const form = document.querySelector('form[data-module="field-job"]');
  return Boolean(form) && [...new FormData(form)].some(([name, value]) => !/csrf|_key/.test(name) && (value.size ?? value));
}

// What the telephone holds of people is for the day: without a connection nobody says that they may still see it.
async function forgetYesterday() {
  const { day } = await about();
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/London" }).format(new Date());
  if (day && day !== today) await forgetJobs();
}

export async function show(root, state, sent = []) {
  const status = inside(root, "status");
  const acts = await actsOf((await about()).who);
  const waiting = acts.filter((act) => !act.refused);
  const names = waiting.map((act) => act.reference).join(", ");
  const words = state === "signed out" ? status.dataset.signedOut : status.dataset.waiting;
  status.textContent = waiting.length ? `${words} ${names}` : sent.length ? status.dataset.sent : "";
  const place = inside(root, "refusals");
  place.replaceChildren(...acts.filter((act) => act.refused).map((act) => refusal(root, act)));
}

function refusal(root, act) {
  const drawn = inside(root, "refused").content.cloneNode(true);
  inside(drawn, "what").textContent = act.reference;
  inside(drawn, "sentence").textContent = act.refused;
  inside(drawn, "note").textContent = act.fields.find(([name]) => name === "note")?.[1] ?? "";
  inside(drawn, "again").addEventListener("click", async () => {
    await put("acts", { ...act, refused: "" });
    bringOver(root);
  });
  inside(drawn, "delete").addEventListener("click", async () => {
    await remove("acts", act.key);
    show(root, "online");
  });
  return drawn;
}
