// While a file is dragged over the page, the uploader that takes ONNX files covers it: wherever it is dropped.

function coverWhileDragged() {
  let leaving = null;
  const cover = (isOver) => document.documentElement.classList.toggle("rf-dragged", isOver);
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  const over = (event) => {
    // Other uploaders take what is dropped on them.
    const other = event.target.closest?.('[data-testid="stFileUploader"]');
    if (!hasFiles(event) || (other && !other.closest(".st-key-onnx_drop"))) return;
    event.preventDefault();
    clearTimeout(leaving);
    cover(true);
    leaving = setTimeout(() => cover(false), 400); // dragover comes again and again while there is a file
  };

  window.addEventListener("dragover", over, true);
  window.addEventListener("drop", () => setTimeout(() => cover(false), 0), true);
}

if (!window.coversWhileDragged) coverWhileDragged();
window.coversWhileDragged = true;
