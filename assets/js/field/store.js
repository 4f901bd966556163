// What the telephone keeps: the jobs of the day, the acts that were not sent yet, and whose they are.
export const NAME = "field";

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("jobs", { keyPath: "id" });
    request.result.createObjectStore("acts", { keyPath: "key" });
    request.result.createObjectStore("about", { keyPath: "name" });
  };
  return answer(request);
}

// Resolves when it is written to the disk, not when it was asked for.
async function within(store, mode, act) {
  const database = await open();
  try {
    const transaction = database.transaction(store, mode);
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const result = await act(transaction.objectStore(store));
    await ended;
    return result;
  } finally {
    database.close();
  }
}

export const all = (store) => within(store, "readonly", (rows) => answer(rows.getAll()));
export const put = (store, row) => within(store, "readwrite", (rows) => answer(rows.put(row)));
export const remove = (store, key) => within(store, "readwrite", (rows) => answer(rows.delete(key)));

export async function about() {
  const rows = await all("about");
  return rows[0] ?? { who: null, day: "" };
}

export async function keepDay({ who, day, jobs }) {
  await put("about", { name: "day", who, day });
  await within("jobs", "readwrite", async (rows) => {
    await answer(rows.clear());
    for (const job of jobs) await answer(rows.put(job));
  });
}

export const forgetJobs = () => within("jobs", "readwrite", (rows) => answer(rows.clear()));

// Acts of the person whose jobs are kept here: another's wait until that person signs in again.
export async function actsOf(who) {
  return (await all("acts")).filter((act) => act.who === who);
}
