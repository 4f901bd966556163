// Turns a text box into a combobox that suggests while somebody types. Without scripts the form's next step lists the same.
//
//   <input data-module="portal-suggestions" data-source="/addresses/suggest" data-value-field="uprn">
//
// The source answers GET ?q=text with {"results": [{"label": "...", "<value field>": "..."}]}. Choosing puts the label in
// the box and the value in the form's field of that name; typing on empties it again. data-value-key: what the source calls
// the value, when the field is named otherwise.
const WAIT = 200; // ms without a key before asking
const SHORTEST = 3; // signs

export function startSuggestions(root = document) {
  for (const input of root.querySelectorAll('[data-module="portal-suggestions"]')) new Suggestions(input);
}

class Suggestions {
  constructor(input) {
    this.input = input;
    this.chosen = -1;
    this.results = [];
    this.list = this.makeList();
    this.status = this.makeStatus();
    Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    }).forEach(([name, value]) => input.setAttribute(name, value));
    input.addEventListener("input", () => this.onInput());
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  makeList() {
    const frame = document.createElement("div");
    frame.className = "portal-suggestions";
    this.input.before(frame);
    frame.append(this.input);
    const list = document.createElement("ul");
    Object.assign(list, { id: `${this.input.id}-suggestions`, className: "portal-suggestions__list", hidden: true });
    list.setAttribute("role", "listbox");
    list.tabIndex = -1; // browsers let the keyboard into what scrolls: the keyboard stays in the box
    list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() ?? "");
    list.addEventListener("mousedown", (event) => this.onMouse(event));
    frame.append(list);
    return list;
  }

  makeStatus() {
    const status = document.createElement("div");
    status.className = "govuk-visually-hidden";
    status.setAttribute("role", "status");
    this.input.parentElement.append(status);
    return status;
  }

  onInput() {
    this.setValue("");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(this.input.value.trim()), WAIT);
  }

  async ask(text) {
    this.asking?.abort();
    if (text.length < SHORTEST) {
      this.status.textContent = "";
      return this.close();
    }
    this.asking = new AbortController();
    try {
      const url = `${this.input.dataset.source}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(url, { signal: this.asking.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()).results);
      else this.close();
    } catch {
      this.close(); // no network, or a newer question: the plain form still works
    }
  }

  show(results) {
    this.results = results;
    this.chosen = -1;
    this.list.replaceChildren(...results.map((result, index) => this.makeOption(result, index)));
    this.list.hidden = results.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
    const { foundText = "%d found", nothingText = "Nothing found" } = this.input.dataset;
    this.status.textContent = results.length ? foundText.replace("%d", results.length) : nothingText;
  }

  makeOption({ label }, index) {
    const option = document.createElement("li");
    Object.assign(option, { id: `${this.list.id}-${index}`, className: "portal-suggestions__option", textContent: label });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    return option;
  }

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.list.hidden) {
      if (step) this.ask(this.input.value.trim());
      return;
    }
    if (step) {
      event.preventDefault();
      this.mark((this.chosen + step + this.results.length + (this.chosen < 0 && step < 0 ? 1 : 0)) % this.results.length);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.choose(this.chosen);
    } else if (event.key === "Escape") {
      this.close();
    }
  }

  onMouse(event) {
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    event.preventDefault();
    this.choose([...this.list.children].indexOf(option));
  }

  mark(index) {
    this.chosen = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.input.setAttribute("aria-activedescendant", this.list.children[index].id);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    const result = this.results[index];
    this.input.value = result.label;
    const { valueField, valueKey = valueField } = this.input.dataset;
    this.setValue(result[valueKey] ?? "");
    this.close();
  }

  setValue(value) {
    const name = this.input.dataset.valueField;
    const form = this.input.form;
    if (!name || !form) return;
    let field = form.querySelector(`input[type="hidden"][name="${CSS.escape(name)}"]`);
    if (!field) {
      if (!value) return;
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(field);
    }
    field.value = value;
  }

  close() {
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
