// A presenter's clicker, or PageUp and PageDown, work also while the focus is in a line of text, which is taken as typed,
// or on what is chosen by keys, which keeps the focus.

const TYPED = ["text", "search", "number", "url", "email", "tel", "password"];

function passOn(event) {
  const turns = event.key === "PageDown" || event.key === "PageUp";
  const input = event.target.closest?.("input");
  if (!turns || !input || !event.isTrusted || event.defaultPrevented) return;
  event.preventDefault();
  if (TYPED.includes(input.type)) input.blur();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, code: event.code, bubbles: true, cancelable: true }));
}

if (!window.clickerIsPassedOn) window.addEventListener("keydown", passOn);
window.clickerIsPassedOn = true;
