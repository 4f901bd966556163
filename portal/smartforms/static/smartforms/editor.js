// The editor of forms in the back office: rules are chosen by words, read as sentences, and findings lead to their block.
//
// A rule row has three controls, named …-about, …-test and …-value. While somebody is in one of the two text boxes it
// offers what can stand there: the questions that are asked earlier, by their label, and the answers of the chosen one.
// What is put in is the short name where there is one, so that a label can change. Without this script both can be typed.
(function () {
  const script = document.currentScript;
  const facts = JSON.parse(script.dataset.facts);
  const yesNo = JSON.parse(script.dataset.yesNo);
  const between = script.dataset.or;
  const ABOUT = /-about$/;
  const VALUE = /-value$/;

  const control = (name) => document.querySelector(`[name="${CSS.escape(name)}"]`);
  const text = (name) => (control(name) ? control(name).value.trim() : "");
  const isGone = (name) => {
    for (let at = name.indexOf("-value"); at > 0; at = name.indexOf("-value", at + 1)) {
      if (text(`${name.slice(0, at)}-deleted`)) return true;
    }
    return false;
  };
  const top = (name) => name.split("-").slice(0, 2).join("-"); // steps-3 of steps-3-value-questions-0-value-label
  const isGroup = (name) => text(`${top(name)}-type`) === "group";

  // --- what can be asked about ---

  function known() {
    const found = Object.entries(facts).map(([key, label]) => ({ key, label, options: yesNo }));
    for (const label of document.querySelectorAll('[name^="steps-"][name$="-label"]')) {
      if (!/-questions-\d+-value-label$/.test(label.name) || isGroup(label.name) || isGone(label.name)) continue;
      const prefix = label.name.slice(0, -"label".length);
      found.push({
        key: text(`${prefix}key`),
        label: label.value.trim(),
        kind: text(`${prefix}kind`),
        options: optionsOf(prefix),
        step: top(label.name),
        element: label,
      });
    }
    for (const label of document.querySelectorAll('[name^="calculations-"][name$="-value-label"]')) {
      if (isGone(label.name)) continue;
      const prefix = label.name.slice(0, -"label".length);
      found.push({ key: text(`${prefix}key`), label: label.value.trim(), options: [] });
    }
    return found.filter((row) => row.label);
  }

  function optionsOf(prefix) {
    if (text(`${prefix}kind`) === "yes_no") return yesNo;
    const count = Number(text(`${prefix}options-count`)) || 0;
    const options = [];
    for (let number = 0; number < count; number += 1) {
      const row = `${prefix}options-${number}`;
      if (text(`${row}-deleted`) || !text(`${row}-value-label`)) continue;
      options.push({ key: text(`${row}-value-value`), label: text(`${row}-value-label`) });
    }
    return options;
  }

  // A rule looks back: to earlier pages; a check also to the page that it stands on.
  function isEarlier(row, input) {
    if (!row.step || !input.name.startsWith("steps-")) return true;
    if (row.step === top(input.name)) return input.name.includes("-checks-");
    return Boolean(row.element.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING);
  }

  const same = (one, other) => one.replace(/\s+/g, " ").toLowerCase() === other.replace(/\s+/g, " ").toLowerCase();
  const named = (rows, words) => rows.find((row) => row.key === words) || rows.find((row) => same(row.label, words));

  // --- choosing ---

  const list = document.createElement("datalist");
  list.id = "smartforms-choices";

  function offer(input) {
    const rows = known();
    let choices = [];
    if (ABOUT.test(input.name)) {
      choices = rows.filter((row) => isEarlier(row, input));
    } else {
      const about = named(rows, text(input.name.replace(VALUE, "-about")));
      choices = about ? about.options : [];
    }
    list.replaceChildren(
      ...choices.map((row) => {
        const option = document.createElement("option");
        option.value = row.key || row.label;
        option.label = row.label;
        return option;
      }),
    );
    if (!list.isConnected) document.body.append(list);
    input.setAttribute("list", list.id);
    input.setAttribute("autocomplete", "off");
  }

  // --- reading ---

  function tell(about, rows) {
    const prefix = about.name.slice(0, -"about".length);
    const test = control(`${prefix}test`);
    if (!test || !about.parentElement) return;
    let sentence = about.parentElement.querySelector("[data-rule-sentence]");
    if (!sentence) {
      sentence = document.createElement("p");
      sentence.className = "help";
      sentence.dataset.ruleSentence = "";
      about.parentElement.append(sentence);
    }
    const row = named(rows, about.value.trim());
    if (!row) {
      sentence.textContent = "";
      return;
    }
    const whole = text(`${prefix}value`);
    const typed = named(row.options, whole) ? [whole] : whole.split(",").map((part) => part.trim());
    const values = typed.map((part) => (named(row.options, part) || { label: part }).label);
    const words = [`‘${row.label}’`, test.selectedOptions[0].textContent.trim(), values.join(` ${between} `)];
    sentence.textContent = words.join(" ").trim();
  }

  function tellAll() {
    const rows = known();
    for (const about of document.querySelectorAll('input[name$="-about"]')) tell(about, rows);
  }

  // --- findings ---

  function goTo(path) {
    let found = document;
    for (const part of path.split(".")) {
      found = found.querySelector(`[data-contentpath="${CSS.escape(part)}"]`) || found;
    }
    if (found === document) return;
    const panel = found.closest('[role="tabpanel"]');
    if (panel && panel.hidden) document.querySelector(`[role="tab"][aria-controls="${panel.id}"]`)?.click();
    for (let parent = found; parent; parent = parent.parentElement) {
      const toggle = parent.querySelector(":scope > [data-panel] > div > [data-panel-toggle], :scope > div > [data-panel-toggle]");
      if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    }
    focusWhenShown(found, 60);
  }

  // A tab fades in: what is hidden takes no focus.
  function focusWhenShown(found, frames) {
    const inside = found.querySelector("input:not([type=hidden]), textarea, select, button");
    if (inside) inside.focus();
    if (inside && document.activeElement !== inside && frames) {
      requestAnimationFrame(() => focusWhenShown(found, frames - 1));
    } else {
      found.scrollIntoView({ block: "center" });
    }
  }

  document.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const isRow = VALUE.test(target.name) && control(target.name.replace(VALUE, "-test"));
    if (ABOUT.test(target.name) || isRow) offer(target);
  });
  document.addEventListener("change", tellAll);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-finding]");
    if (!link) return;
    event.preventDefault();
    goTo(link.dataset.finding);
  });
  window.addEventListener("load", tellAll);
})();
