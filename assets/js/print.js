// <button type="button" data-module="portal-print" hidden>: shown where it can work, prints the page.
export function startPrintButtons(root = document) {
  for (const button of root.querySelectorAll('[data-module="portal-print"]')) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
