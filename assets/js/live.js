// <div data-module="portal-live">: new lines of a conversation appear by themselves, and what is written is sent without
// loading the page. <div data-module="portal-desk">: the list of who waits keeps itself up to date.
export function startLive(root = document) {
  for (const box of root.querySelectorAll('[data-module="portal-live"]')) follow(box);
  for (const box of root.querySelectorAll('[data-module="portal-desk"]')) watch(box);
}

function follow(box) {
  const list = box.querySelector(".portal-chat");
  const state = box.querySelector("[data-state]");
  const form = box.querySelector("form");
  for (const link of box.querySelectorAll("[data-without-live]")) link.hidden = true;

  listen(box, () => lastOf(list), {
    line: (event) => {
      if (!document.getElementById(`line-${event.lastEventId}`)) list.append(elementOf(JSON.parse(event.data)));
    },
    state: (event) => {
      const sentence = JSON.parse(event.data).live ? state.dataset.live : state.dataset.away;
      if (state.textContent !== sentence) state.textContent = sentence;
    },
  });
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = form.querySelector("textarea");
    const file = form.querySelector('input[type="file"]');
    if (form.dataset.sending || (!text.value.trim() && !file.files.length)) return;
    form.dataset.sending = "yes";
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    delete form.dataset.sending;
    if (answer?.type !== "opaqueredirect") return form.submit(); // the page says what is wrong
    text.value = file.value = "";
    text.focus();
  });
}

function watch(box) {
  listen(box, () => 0, {
    waiting: (event) => {
      const { html } = JSON.parse(event.data);
      if (box.dataset.shown === html) return;
      box.dataset.shown = html;
      box.replaceChildren(...fragmentOf(html).childNodes);
    },
  });
}

// Only while somebody looks: a page in the background asks for nothing.
function listen(box, last, handlers) {
  let source = null;
  const open = () => {
    const address = new URL(box.dataset.source, location.href);
    if (last()) address.searchParams.set("after", last());
    source = new EventSource(address);
    for (const [name, handle] of Object.entries(handlers)) source.addEventListener(name, handle);
  };
  const turn = () => {
    source?.close();
    source = null;
    if (document.visibilityState === "visible") open();
  };
  document.addEventListener("visibilitychange", turn);
  turn();
}

function lastOf(list) {
  return Number(list.lastElementChild?.id.replace("line-", "") ?? 0);
}

function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function elementOf(html) {
  return fragmentOf(html).firstElementChild;
}
