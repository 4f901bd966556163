// <p role="status" data-presence-url="…">: asks every twenty seconds who else has the request open, while the page is
// looked at. Without this script it says who had it open when the page was loaded.
const PAUSE = 20_000;

async function ask(line) {
  if (document.hidden) return;
  const response = await fetch(line.dataset.presenceUrl, { headers: { "X-Requested-With": "fetch" } });
  if (!response.ok || response.redirected) return;
  const said = (await response.text()).trim();
  const words = new DOMParser().parseFromString(said, "text/html").body.textContent.trim();
  if (line.textContent.trim() !== words) line.textContent = words;
}

export function startPresence(root = document) {
  for (const line of root.querySelectorAll("[data-presence-url]")) {
    setInterval(() => ask(line).catch(() => {}), PAUSE);
  }
}
