// Pixels of an input, one of which is chosen: by a tap, a click, or arrows and Enter. Each is a button with a name.

const named = (row, column, flat) => (flat ? `pixel ${column}` : `row ${row}, column ${column}`);

function build(root, rows, columns, flat) {
  root.dataset.size = `${rows} ${columns}`;
  root.style.setProperty("--columns", columns);
  root.replaceChildren(
    ...Array.from({ length: rows }, (_, row) => {
      const line = document.createElement("div");
      line.setAttribute("role", "row");
      line.append(
        ...Array.from({ length: columns }, (_, column) => {
          const pixel = document.createElement("button");
          pixel.type = "button";
          pixel.tabIndex = -1;
          pixel.dataset.place = flat ? `${column}` : `${row},${column}`;
          pixel.setAttribute("role", "gridcell");
          pixel.setAttribute("aria-label", named(row, column, flat));
          return pixel;
        }),
      );
      return line;
    }),
  );
}

const pixelAt = (root, row, column) => root.children[row]?.children[column];

function choose(root, place) {
  for (const pixel of root.querySelectorAll("button")) pixel.setAttribute("aria-selected", pixel.dataset.place === place);
  const home = root.querySelector('[aria-selected="true"]') ?? pixelAt(root, 0, 0);
  root.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  home.tabIndex = 0;
}

function walk(root, event) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const step = steps[event.key];
  const line = event.target.parentElement;
  if (!step || line?.parentElement !== root) return;
  event.preventDefault();
  const next = pixelAt(root, [...root.children].indexOf(line) + step[0], [...line.children].indexOf(event.target) + step[1]);
  if (!next) return;
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector(".rf-pixels");
  const flat = data.size.length === 1;
  const [rows, columns] = flat ? [1, data.size[0]] : data.size;
  if (root.dataset.size !== `${rows} ${columns}`) build(root, rows, columns, flat);
  choose(root, data.chosen);
  root.onkeydown = (event) => walk(root, event);
  root.onclick = (event) => {
    const place = event.target.dataset?.place;
    if (!place) return;
    choose(root, place);
    setStateValue("pick", { place, time: Date.now() }); // the same pixel again is another pick
  };
}
