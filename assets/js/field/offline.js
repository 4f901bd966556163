// <div data-module="field-offline">: draws the kept jobs, or the one of the address, where the server cannot.
import { about, actsOf, all } from "./store.js";

const inside = (root, name) => root.querySelector(`[data-field="${name}"]`);

export async function startOffline() {
  const root = document.querySelector('[data-module="field-offline"]');
  if (!root || !window.indexedDB) return;
  const jobs = await all("jobs");
  const acts = await actsOf((await about()).who);
  const job = jobs.find(({ url }) => url === location.pathname);
  if (job && !acts.some((act) => act.job === job.id)) return drawJob(root, job);
  inside(root, "nothing").hidden = jobs.length > 0;
  inside(root, "list").replaceChildren(...(await nearest(jobs)).map((row) => drawRow(root, row, acts)));
}

// From where the telephone is, if it says so without being asked anew.
async function nearest(jobs) {
  const state = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (state?.state !== "granted") return jobs;
  const here = await new Promise((resolve) =>
    navigator.geolocation.getCurrentPosition(({ coords }) => resolve(coords), () => resolve(null), { timeout: 3000 }),
  );
  return here ? [...jobs].sort((one, other) => away(one, here) - away(other, here)) : jobs;
}

function away({ at }, { latitude, longitude }) {
  if (!at) return Infinity;
  return Math.hypot(at[0] - latitude, (at[1] - longitude) * Math.cos((latitude * Math.PI) / 180));
}

function drawRow(root, job, acts) {
  const row = inside(root, "row").content.cloneNode(true);
  const link = inside(row, "link");
  link.href = job.url;
  link.textContent = [job.title, job.place].filter(Boolean).join(": ");
  inside(row, "reference").textContent = job.reference;
  inside(row, "kept").hidden = !acts.some((act) => act.job === job.id);
  return row;
}

function drawJob(root, job) {
  const drawn = inside(root, "job").content.cloneNode(true);
  inside(drawn, "title").textContent = `${job.reference}: ${job.title}`;
  inside(drawn, "place").textContent = job.place;
  if (job.at) {
    const way = inside(drawn, "way");
    way.hidden = false;
    way.firstElementChild.href = `geo:${job.at.join(",")}?q=${job.at.join(",")}`;
  }
  inside(drawn, "facts").append(...job.facts.map((fact) => drawFact(root, fact)));
  const form = drawn.querySelector("form");
  Object.assign(form.dataset, { job: job.id, reference: job.reference, send: `${job.url}end/` });
  form.querySelector(".govuk-radios").replaceChildren(...job.endings.map((ending, at) => drawEnding(root, ending, at)));
  inside(root, "place-of-job").replaceChildren(drawn);
}

function drawFact(root, [label, value]) {
  const fact = inside(root, "fact").content.cloneNode(true);
  fact.querySelector("dt").textContent = label;
  fact.querySelector("dd").textContent = value;
  return fact;
}

function drawEnding(root, [value, label], at) {
  const ending = inside(root, "ending").content.cloneNode(true);
  const [input, words] = [ending.querySelector("input"), ending.querySelector("label")];
  input.value = value;
  input.id = words.htmlFor = `id_chosen_${at}`;
  words.textContent = label;
  return ending;
}
