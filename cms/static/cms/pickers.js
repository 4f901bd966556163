// Starts Wagtail's date and time pickers, and rows that can be added, from attributes, where Wagtail's own templates hold an
// inline script that the content security policy refuses. Lists and forms that arrive later are watched for.
(() => {
  const PICKERS = ["initDateChooser", "initDateTimeChooser", "initTimeChooser"];

  function start(root) {
    for (const note of root.querySelectorAll("template[data-picker]")) {
      const { picker, pickerFor, pickerConfig } = note.dataset;
      note.remove();
      if (PICKERS.includes(picker) && document.getElementById(pickerFor)) window[picker](pickerFor, JSON.parse(pickerConfig));
    }
    for (const note of root.querySelectorAll("template[data-rows]")) {
      note.remove();
      new window.InlinePanel(JSON.parse(note.dataset.rows));
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    start(document);
    new MutationObserver((changes) => {
      for (const change of changes) for (const node of change.addedNodes) if (node.querySelectorAll) start(node);
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
