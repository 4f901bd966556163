// Sends what is kept, one act after the other, and fetches the day. The server knows each act by its key: what was sent
// and not answered is sent again, and done once.
import { actsOf, keepDay, put, remove } from "./store.js";

const REFUSED = [400, 404, 409, 413];
// How long a connection may take, in milliseconds: the day is small; an act may be photos, at 25 bytes in each.
const PATIENCE = 30_000;
const patienceFor = (fields) => 60_000 + fields.reduce((sum, [, value]) => sum + (value.size ?? 0), 0) / 25;
const within = (time) => AbortSignal.timeout?.(time); // a browser that knows no such thing waits as long as it takes

// → { state: "online" | "offline" | "signed out", sent: [answers] }
export function sendAll(dayAddress) {
  const send = () => sendNow(dayAddress);
  return navigator.locks ? navigator.locks.request("field", send) : send();
}

async function sendNow(dayAddress) {
  const sent = [];
  const day = await fetchDay(dayAddress);
  if (typeof day === "string") return { state: day, sent };
  for (const act of await actsOf(day.who)) {
    if (act.refused) continue;
    const state = await sendOne(act, day.token, sent);
    if (state !== "online") return { state, sent };
  }
  const now = sent.length ? await fetchDay(dayAddress) : day;
  if (typeof now !== "string") await keepDay(now);
  return { state: "online", sent };
}

async function fetchDay(address) {
  try {
    const response = await fetch(address, { redirect: "manual", cache: "no-store", signal: within(PATIENCE) });
    if (response.ok) return await response.json();
    return response.type === "opaqueredirect" || response.status === 403 ? "signed out" : "offline";
  } catch {
    return "offline";
  }
}

async function sendOne(act, token, sent) {
  const body = new FormData();
  for (const [name, value] of act.fields) body.append(name, value);
  body.append("key", act.key);
  body.append("told_at", act.toldAt);
  let response, said;
  try {
    const headers = { "X-CSRFToken": token, Accept: "application/json" };
    const signal = within(patienceFor(act.fields));
    response = await fetch(act.send, { method: "POST", body, headers, redirect: "manual", signal });
    if (response.type === "opaqueredirect" || response.status === 403) return "signed out";
    said = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  } catch {
    return "offline";
  }
  if (response.ok) {
    await remove("acts", act.key);
    sent.push(said.answer);
  } else if (REFUSED.includes(response.status)) {
    await put("acts", { ...act, refused: said.sentence ?? String(response.status), status: response.status });
  } else {
    return "offline"; // a server that cannot at the moment
  }
  return "online";
}
