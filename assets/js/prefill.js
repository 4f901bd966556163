// <textarea data-prefill-from="outcome">: choosing a radio named `outcome` fills in the sentence below it, as long as
// nobody wrote something of their own. Without this script an empty box means the same sentence.
export function initPrefill(root = document) {
  for (const box of root.querySelectorAll("textarea[data-prefill-from]")) {
    const radios = [...box.form.querySelectorAll(`input[type="radio"][name="${box.dataset.prefillFrom}"]`)];
    const sentences = new Map(radios.map((radio) => [radio, document.getElementById(`${radio.id}-hint`)?.textContent.trim() ?? ""]));
    for (const radio of radios) {
      radio.addEventListener("change", () => {
        const isOurs = box.value.trim() === "" || [...sentences.values()].includes(box.value.trim());
        if (isOurs) box.value = sentences.get(radio);
      });
    }
  }
}
