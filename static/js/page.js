// Small comforts; every page does its work without this file.
"use strict";

// A form that came back with errors: take the reader to their summary.
function showErrors(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

// Buttons that only a script can serve stay hidden until one runs.
function revealButtons(root) {
  for (const button of root.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

document.addEventListener("DOMContentLoaded", () => {
  showErrors(document);
  revealButtons(document);
});
document.addEventListener("htmx:afterSettle", (event) => showErrors(event.target));
