// A tab that shows whoever had the screen before leaves by itself: barnet/customers/assisting/tabs.py says when.
const COOKIE = "screen=";
const EVERY = 500;
const ON_ITS_WAY = 10_000; // a page that is being left for another does not interfere

export function startTabs(root = document) {
  const own = root.documentElement.dataset.screen ?? "";
  let leftAt = 0;

  function look() {
    if (Date.now() - leftAt > ON_ITS_WAY && isSomebodyElses(own, nameNow())) location.replace("/");
  }

  window.addEventListener("beforeunload", () => {
    leftAt = Date.now();
  });
  for (const kind of ["pageshow", "focus"]) window.addEventListener(kind, look);
  document.addEventListener("visibilitychange", look);
  setInterval(look, EVERY);
}

function isSomebodyElses(own, now) {
  return own ? now !== own : now.startsWith("visitor");
}

function nameNow() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(COOKIE));
  return found ? found.slice(COOKIE.length) : "";
}
