// <form data-module="portal-autosave">: keeps what was typed without pressing Continue, some seconds after the last
// change and when the page is left. Files wait for Continue. Nothing is shown: the answers are there when they come back.
const REST = 4000; // milliseconds

export function startAutosave(root = document) {
  for (const form of root.querySelectorAll('[data-module="portal-autosave"]')) keep(form);
}

function keep(form) {
  let timer = 0;
  let isChanged = false;
  let underWay = null;

  const save = (isLast) => {
    clearTimeout(timer);
    if (!isChanged) return;
    isChanged = false;
    const data = new FormData(form);
    for (const input of form.querySelectorAll('input[type="file"]')) data.delete(input.name);
    data.set("autosave", "yes");
    underWay = fetch(form.action, { method: "POST", body: data, keepalive: isLast }).catch(() => {
      isChanged = true;
    });
  };

  form.addEventListener("input", () => {
    isChanged = true;
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  // What was typed last must not be overwritten by what was typed before.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    isChanged = false;
    if (!underWay) return;
    const waited = underWay;
    underWay = null;
    event.preventDefault();
    await waited;
    form.requestSubmit(event.submitter ?? undefined);
  });
}
