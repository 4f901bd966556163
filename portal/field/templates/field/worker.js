{% autoescape off %}// Shows the pages of crews without a connection. What is said on them is kept and sent by the pages, not here.
const PAGE = "{{ page }}";
const START = "{{ start }}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PATIENCE = 10_000; // milliseconds in which a connection must answer
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

// A connection that hangs is none.
function answerOrKept(request) {
  const answer = fetch(request).catch(() => caches.match(PAGE));
  const late = new Promise((go) => setTimeout(go, PATIENCE)).then(() => caches.match(PAGE));
  return Promise.race([answer, late.then((kept) => kept ?? answer)]);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && pathname === START) {
    event.respondWith(fetch(request).catch(() => Response.redirect(START))); // the nearest first
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && pathname.startsWith(START)) {
    event.respondWith(answerOrKept(request));
  } else if (FILES.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
  }
});
{% endautoescape %}
