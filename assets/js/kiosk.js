// A browser that many people share: after a pause it asks, then finishes the visit as the button does.
const WARNING = 60_000;
const TELL_EVERY = 30_000;
const SAY_EVERY = 1_000; // to the other tabs of this browser

export function startKiosk(root = document) {
  const place = root.querySelector('[data-module="portal-kiosk"]');
  if (!place) return;
  const dialog = place.querySelector("dialog");
  const form = place.querySelector("form");
  const pause = place.dataset.seconds * 1000;
  let used = Date.now();
  let told = used;
  let said = 0;
  const tabs = new BroadcastChannel("kiosk");

  function use() {
    if (dialog.open || isOver()) return;
    note();
    if (used - told > TELL_EVERY) tell();
  }
  function note() {
    used = Date.now();
    if (used - said < SAY_EVERY) return;
    said = used;
    tabs.postMessage("used");
  }
  function tell() {
    told = Date.now();
    const token = form.elements.csrfmiddlewaretoken.value;
    fetch(place.dataset.stay, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
  }
  function isOver() {
    return Date.now() - used > pause;
  }
  function look() {
    if (isOver()) form.submit();
    else if (Date.now() - used > pause - WARNING && !dialog.open) dialog.showModal();
  }

  for (const kind of ["keydown", "pointerdown", "scroll", "input"]) document.addEventListener(kind, use, { passive: true });
  tabs.addEventListener("message", () => {
    used = Date.now();
    told = used; // that tab tells the server
    if (dialog.open) dialog.close("elsewhere");
  });
  dialog.addEventListener("close", () => {
    const isAnsweredElsewhere = dialog.returnValue === "elsewhere";
    dialog.returnValue = "";
    if (isAnsweredElsewhere) return;
    note();
    tell();
  });
  dialog.querySelector("button").addEventListener("click", () => dialog.close(""));
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  setInterval(look, 1000);
}
