// A text, and a button that copies it: also where the page comes unencrypted, as from a laptop in the room, and browsers
// refuse to write the clipboard.

const TOLD = 4000; // milliseconds for which it is told

async function written(text, beside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.readOnly = true;
    field.className = "rf-copy-field";
    beside.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".rf-copy");
  const [code, button, told] = ["code", "button", "[role=status]"].map((name) => root.querySelector(name));
  code.textContent = data.text;
  button.textContent = data.label;
  button.onclick = async () => {
    const done = await written(data.text, root);
    button.focus();
    told.textContent = done ? "Copied" : "Not copied: mark the text, and copy it";
    if (!done) getSelection().selectAllChildren(code);
    setTimeout(() => (told.textContent = ""), TOLD);
  };
}
