// A tap on a figure picks what was tapped: Plotly picks what was pointed at before, and a finger points at nothing.
// A touch is told to it as a pointer first. One listener serves all figures of the window.

function pointByTouch(event) {
  const layer = event.target.closest?.(".js-plotly-plot .nsewdrag");
  if (!layer || event.touches.length !== 1) return;
  const { clientX, clientY } = event.touches[0];
  layer.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY, bubbles: true, view: window }));
}

if (!window.pointsByTouch) window.addEventListener("touchstart", pointByTouch, { capture: true, passive: true });
window.pointsByTouch = true;
