// A browser that many people share: after a pause it asks, then finishes the visit as the button does.
const WARNING = 60_000;
const TELL_EVERY = 30_000;

export function startKiosk(root = document) {
  const place = root.querySelector('[data-module="portal-kiosk"]');
  if (!place) return;
  const dialog = place.querySelector("dialog");
  const form = place.querySelector("form");
  const pause = place.dataset.seconds * 1000;
  let used = Date.now();
  let told = used;

  function use() {
    if (dialog.open || isOver()) return;
    used = Date.now();
    if (used - told > TELL_EVERY) tell();
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
  dialog.addEventListener("close", () => {
    used = Date.now();
    tell();
  });
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  setInterval(look, 1000);
}
