// Shows what the council tells, also while no page is open, and leads to My Account. It keeps and fetches nothing.
self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A browser that shows nothing for a push takes the permission away: say at least that there is something.
  }
  const options = { body: told.body ?? "", tag: told.tag, data: { path: told.path } };
  event.waitUntil(self.registration.showNotification(told.title ?? self.location.hostname, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const path = event.notification.data?.path ?? "/";
  const target = new URL(path, self.location.origin);
  if (target.origin === self.location.origin) event.waitUntil(self.clients.openWindow(target.href));
});
