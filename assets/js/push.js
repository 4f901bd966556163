// <form data-module="portal-push" data-key="…" data-worker="/push-worker.js" hidden>: asks the browser for a
// subscription and sends it as an ordinary form. Where a browser cannot, the page keeps saying so.
export function startPush(root = document) {
  for (const form of root.querySelectorAll('[data-module="portal-push"]')) {
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) continue;
    form.hidden = false;
    root.querySelector("[data-push-needs]").hidden = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      subscribe(form);
    });
  }
}

async function subscribe(form) {
  show(form, null);
  if ((await Notification.requestPermission()) !== "granted") return show(form, "refused");
  try {
    const made = await subscription(form.dataset);
    const { endpoint, keys } = made.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  } catch {
    show(form, "failed");
  }
}

async function subscription({ key, worker }) {
  await navigator.serviceWorker.register(worker);
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe(); // one that was made for an earlier key is of no use
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

function bytes(base64url) {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

function show(form, name) {
  for (const note of form.querySelectorAll("[data-push-note]")) note.hidden = note.dataset.pushNote !== name;
}
