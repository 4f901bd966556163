{% autoescape off %}// Shows the pages of crews without a connection. What is said on them is kept and sent by the pages, not here.
const PAGE = "{{ page }}";
const START = "{{ start }}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const CACHE = "field {% for file in files %}{{ file }}{% endfor %}";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([new Request(PAGE, { credentials: "omit" }), ...FILES])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith("field ") && name !== CACHE) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && pathname === START) {
    event.respondWith(fetch(request).catch(() => Response.redirect(START))); // the nearest first
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && pathname.startsWith(START)) {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (FILES.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
  }
});
{% endautoescape %}
