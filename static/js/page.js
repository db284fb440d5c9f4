// Small comforts; every page does its work without this file.
"use strict";

// A form that came back with errors: take the reader to their summary.
function showErrors(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

// Buttons that only a script can serve stay hidden until one runs.
function revealButtons(root) {
  for (const button of root.querySelectorAll("button[data-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

// A slider follows the number beside it; moving it types the number.
function followNumbers(root) {
  for (const slider of root.querySelectorAll("input[data-follows]")) {
    const number = document.getElementById(slider.dataset.follows);
    const say = (shares) => shares.toLocaleString("en-US");
    const place = () => {
      const shares = Math.round(Number(slider.value));
      slider.style.setProperty("--at", String(shares / (Number(slider.max) || 1)));
      slider.setAttribute("aria-valuetext", `${say(shares)} shares`);
    };
    slider.addEventListener("input", () => {
      number.value = say(Math.round(Number(slider.value)));
      place();
    });
    number.addEventListener("input", () => {
      const typed = Number(number.value.replace(/[\s,]/g, ""));
      if (Number.isFinite(typed)) {
        slider.value = String(typed);
        place();
      }
    });
    slider.closest("[data-slider]").hidden = false;
    place();
  }
}

document.addEventListener("DOMContentLoaded", () => {
  showErrors(document);
  revealButtons(document);
  followNumbers(document);
});
document.addEventListener("htmx:afterSettle", (event) => showErrors(event.target));
document.addEventListener("htmx:oobAfterSwap", () => revealButtons(document));
