// A presenter's clicker, or PageUp and PageDown, work also while the focus is in a line of text: it is taken as typed.

function passOn(event) {
  const turns = event.key === "PageDown" || event.key === "PageUp";
  const line = event.target.closest?.("input");
  if (!turns || !line || !event.isTrusted || event.defaultPrevented) return;
  event.preventDefault();
  line.blur();
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: event.key, code: event.code, bubbles: true, cancelable: true }));
}

if (!window.clickerIsPassedOn) window.addEventListener("keydown", passOn);
window.clickerIsPassedOn = true;
