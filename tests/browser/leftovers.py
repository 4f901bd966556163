"""What a browser still knows of somebody: its cookies, its stores, and every page of its history."""

from playwright.sync_api import Error, Page

# The page's own stores, read as text. Databases, caches and workers are named with what is in them.
_STORES = """async () => {
    const found = {};
    found.localStorage = JSON.stringify(localStorage);
    found.sessionStorage = JSON.stringify(sessionStorage);
    const read = (name) => new Promise((done) => {
        const asked = indexedDB.open(name);
        asked.onerror = () => done([name]);
        asked.onsuccess = () => {
            const names = [...asked.result.objectStoreNames];
            if (!names.length) return done([name]);
            const all = asked.result.transaction(names).objectStore(names[0]).getAll();
            all.onsuccess = () => { asked.result.close(); done([name, all.result]); };
        };
    });
    const databases = await indexedDB.databases();
    found.indexedDB = JSON.stringify(await Promise.all(databases.map((one) => read(one.name))));
    const kept = [];
    for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) kept.push([name, request.url]);
    }
    found.caches = JSON.stringify(kept);
    found.typed = JSON.stringify([...document.querySelectorAll("input, textarea")].map((one) => one.value));
    found.workers = JSON.stringify((await navigator.serviceWorker.getRegistrations()).map((one) => one.scope));
    return found;
}"""

_PLANT = """async (words) => {
    localStorage.setItem("words", words);
    sessionStorage.setItem("words", words);
    const cache = await caches.open(words);
    await cache.put("/" + encodeURIComponent(words), new Response(words));
    await new Promise((done, failed) => {
        const asked = indexedDB.open("words", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("words");
        asked.onerror = failed;
        asked.onsuccess = () => {
            const act = asked.result.transaction("words", "readwrite");
            act.objectStore("words").put(words, 1);
            act.oncomplete = () => { asked.result.close(); done(); };
        };
    });
    document.cookie = "words=" + encodeURIComponent(words) + "; path=/";
}"""


def plant(page: Page, words: str) -> None:
    """As if a script of ours had kept them in every store that there is."""
    page.evaluate(_PLANT, words)


def places_of(page: Page, words: list[str]) -> list[str]:
    """Where any of the words is found, without leaving the page."""
    cookies = {f"cookie {one['name']}": one["value"].replace("%20", " ") for one in page.context.cookies()}
    places = {**page.evaluate(_STORES), **cookies, "page": page.content(), "title": page.title(), "address": page.url}
    return [name for name, text in places.items() if any(word in text.replace("%20", " ") for word in words)]


def workers_of(page: Page) -> list[str]:
    """What goes on working in the background for our pages, by where."""
    return page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope)")


def begin_working(page: Page, address: str) -> bool:
    """Whether the browser took that worker."""
    begun = """async (address) => {
        try {
            await navigator.serviceWorker.register(address);
            await navigator.serviceWorker.ready;
            return true;
        } catch {
            return false;
        }
    }"""
    return page.evaluate(begun, address)


def places_in_history(page: Page, words: list[str]) -> tuple[int, list[str]]:
    """Goes back as far as there is something, as the next visitor would. How many pages, and what was found."""
    found: list[str] = []
    steps = page.evaluate("history.length") - 1
    for _step in range(steps):
        try:
            page.go_back(wait_until="load")
        except Error:  # a page that was sent to cannot be shown again
            continue
        if page.url.startswith("http"):
            found += [f"{page.url}: {place}" for place in places_of(page, words)]
    return steps, found
