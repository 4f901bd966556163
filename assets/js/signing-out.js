// <form data-module="portal-sign-out">: what this browser keeps of the jobs of crews is deleted before its owner signs
// out; what was not sent yet is said first.
const CREWS = "field";

export function startSigningOut(root = document) {
  for (const form of root.querySelectorAll('[data-module="portal-sign-out"]')) {
    let isEmpty = false;
    warn(form);
    holdsSomething()
      .then((holds) => (isEmpty = !holds))
      .catch(() => {});
    form.addEventListener("submit", (event) => {
      if (isEmpty) return;
      event.preventDefault();
      forget().finally(() => form.submit());
    });
  }
}

async function isKept() {
  return (await indexedDB.databases?.())?.some(({ name }) => name === CREWS) ?? false;
}

async function holdsSomething() {
  if ((await isKept()) || (await caches.keys()).some((name) => name.startsWith("field "))) return true;
  return Boolean(await registration());
}

async function registration() {
  const found = await navigator.serviceWorker?.getRegistration("/field/");
  return found && new URL(found.scope).pathname === "/field/" ? found : null;
}

async function warn(form) {
  const note = form.querySelector("[data-unsent]");
  if (!note || !window.indexedDB || !(await isKept())) return;
  const asked = indexedDB.open(CREWS);
  asked.onsuccess = () => {
    const acts = asked.result.transaction("acts").objectStore("acts").count();
    acts.onsuccess = () => {
      note.hidden = acts.result === 0;
      asked.result.close();
    };
  };
}

async function forget() {
  for (const name of await caches.keys()) if (name.startsWith("field ")) await caches.delete(name);
  await (await registration())?.unregister();
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(CREWS);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
}
