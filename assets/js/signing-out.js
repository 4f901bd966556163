// <form data-module="portal-sign-out">: what this browser keeps of the jobs of crews is deleted before its owner signs
// out; what was not sent yet is said first.
const CREWS = "field";

export function startSigningOut(root = document) {
  for (const form of root.querySelectorAll('[data-module="portal-sign-out"]')) {
    warn(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      forget().finally(() => form.submit());
    });
  }
}

async function isKept() {
  return (await indexedDB.databases?.())?.some(({ name }) => name === CREWS) ?? false;
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
  const registered = await navigator.serviceWorker?.getRegistration("/field/");
  if (registered && new URL(registered.scope).pathname === "/field/") await registered.unregister();
  await new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(CREWS);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
}
