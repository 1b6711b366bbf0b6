// Where everything lies: pixels for input positions and rows, and the shapes of lines.

const WEIGHTS = 6; // line weights that are told apart
const STYLE = `
  .rf-cell { cursor: pointer; outline: none; }
  .rf-name { fill: currentColor; opacity: .72; }
  .rf-ghost rect { fill: none; stroke: currentColor; stroke-dasharray: 3 3; opacity: .38; }
  .rf-ghost text { fill: currentColor; opacity: .45; }
  .rf-line { fill: none; stroke: currentColor; stroke-linecap: round; }
  .rf-nothing { stroke-dasharray: 1 4; opacity: .3; }
  .rf-lit-line { fill: none; stroke-linecap: round; }
  .rf-rim { fill: none; pointer-events: none; }
  .rf-call { pointer-events: none; }
  .rf-dim .rf-lines { opacity: .22; }
  .rf-dim .rf-cell:not(.rf-lit) { opacity: .24; }
  .rf-focus { fill: none; stroke: none; pointer-events: none; }
  .rf-cell:focus-visible .rf-focus { stroke: currentColor; stroke-width: 2.5; stroke-dasharray: none; }
`;

const inside = (value, least, most) => Math.min(Math.max(value, least), most);

/** Where a position of a row lies, also in its padding, in input positions. */
function place(row, position) {
  if (position < 0) return row.x[0] + row.spacing * position;
  if (position >= row.n) return row.x[row.n - 1] + row.spacing * (position - row.n + 1);
  return row.x[position];
}

/** The padding of each row that some row above reads, as positions; all rows' extents with it. */
function outline(rows) {
  const ghosts = rows.map(() => new Map());
  for (const row of rows) {
    for (const { below, positions, sources } of row.taps) {
      positions?.forEach((position, tap) => {
        if (position < 0 || position >= rows[below].n) ghosts[below].set(position, sources[tap] < 0);
      });
    }
  }
  const ends = rows.flatMap((row, index) =>
    [0, row.n - 1, ...ghosts[index].keys()].flatMap((at) => [place(row, at) - row.spacing / 2, place(row, at) + row.spacing / 2]),
  );
  return { ghosts, low: Math.min(...ends), high: Math.max(...ends) };
}

/** Pixels for everything: from the width there is, and the height that is left of the window; `below`: under the rows. */
function measured(rows, width, whole, frame, below, zoom) {
  const { ghosts, low, high } = outline(rows);
  const [left, right] = frame?.span ?? [low, high];
  const count = frame?.rows ?? rows.length;
  const narrow = width < 640;
  const longest = Math.max(...rows.map((row) => row.name.length));
  const type = zoom > 1 ? 1.6 : 1; // how much larger lines and the names of rows are
  const gutter = narrow ? 26 : Math.min(14 + 8.2 * type * longest, 0.24 * width);
  const unit = Math.min((width - gutter - 4) / (right - left), 104 * zoom);
  const margin = 6;
  const height = whole - below;
  const most = zoom > 1 ? 224 : 124;
  const least = inside((height - 2 * margin) / (count - 0.38), narrow ? 40 : 27, most);
  const cell = Math.min(44 * zoom, Math.max(0.45 * least, Math.min(21, 0.62 * least)));
  const pitch = count > 1 ? inside((height - 2 * margin - cell) / (count - 1), least, most) : least;
  const shift = Math.max(0, (width - gutter - unit * (right - left)) / 2);
  const tall = (count - 1) * pitch + cell + 2 * margin;
  return {
    ghosts, narrow, zoom, type, gutter: gutter + shift, unit, pitch, cell, width, height: tall + below, foot: tall,
    x: (at) => gutter + shift + (at - left) * unit,
    y: (row) => tall - margin - cell / 2 - row * pitch,
    wide: (row) => inside(0.88 * row.spacing * unit, Math.min(unit * 0.88, 4), Math.max(96 * zoom, 0.88 * unit)),
  };
}

const px = (value) => Math.round(value * 100) / 100;

/** A line along a tap: straight to what it reads, bent over the padding that shows it, or round the rows between. */
function line(scale, rows, index, { below, positions }, source, target, tap) {
  const [from, to] = [scale.x(rows[below].x[source]), scale.x(rows[index].x[target])];
  const [start, end] = [scale.y(below) - scale.cell / 2, scale.y(index) + scale.cell / 2];
  const rise = start - end;
  const shown = positions ? positions[tap] : source;
  if (shown !== source) {
    const ghost = scale.x(place(rows[below], shown));
    const out = ghost + 0.35 * scale.unit * Math.sign(ghost - to);
    return `M${px(from)},${px(start)}C${px(out)},${px(start - 0.15 * rise)} ${px(out)},${px(start - 0.55 * rise)} ${px(to)},${px(end)}`;
  }
  if (index - below > 1) {
    const bow = 0.67 * rows[below].spacing * scale.unit;
    return `M${px(from)},${px(start)}C${px(from + bow)},${px(start - 0.4 * rise)} ${px(to + bow)},${px(end + 0.4 * rise)} ${px(to)},${px(end)}`;
  }
  return `M${px(from)},${px(start)}L${px(to)},${px(end)}`;
}

/** The lines of taps that carry paths, one drawn path for each row and weight. */
function lines(scale, rows, flows, draw) {
  const most = flows.flat(2).reduce((least, paths) => (paths > least ? paths : least), 1n);
  return rows.map((row, index) => {
    const parts = new Array(WEIGHTS).fill("");
    row.taps.forEach((taps, k) =>
      flows[index][k].forEach((paths, tap) => {
        if (!paths) return;
        const weight = Math.min(WEIGHTS - 1, Math.floor(Math.sqrt(share(paths, most)) * WEIGHTS));
        parts[weight] += line(scale, rows, index, taps, taps.sources[tap], taps.targets[tap], tap);
      }),
    );
    return parts.map((d, weight) => (d ? draw(d, (weight + 1) / WEIGHTS) : "")).join("");
  });
}

/** Taps on zeros: no path runs along them. */
function nothingLines(scale, rows, index) {
  let d = "";
  for (const { below, targets, positions, sources } of rows[index].taps) {
    sources.forEach((source, tap) => {
      if (source >= 0 || !positions) return;
      const [from, to] = [scale.x(place(rows[below], positions[tap])), scale.x(rows[index].x[targets[tap]])];
      d += `M${px(from)},${px(scale.y(below) - scale.cell / 2)}L${px(to)},${px(scale.y(index) + scale.cell / 2)}`;
    });
  }
  return d && `<path class="rf-line rf-nothing" stroke-width="1.2" d="${d}"/>`;
}

function ghost(x, y, wide, scale, zero) {
  const { cell, font } = scale;
  const box = `x="${px(x - wide / 2 + 1)}" y="${px(y - cell / 2 + 1)}" width="${px(Math.max(1, wide - 2))}" height="${px(cell - 2)}" rx="${px(0.18 * Math.min(cell, wide))}"`;
  const text = zero && font ? `<text x="${px(x)}" y="${px(y)}" dy=".35em" text-anchor="middle" font-size="${px(Math.min(font, 14 * scale.zoom))}">0</text>` : "";
  return `<g class="rf-ghost"><rect ${box}/>${text}</g>`;
}
