// The picture: cells, lines, what is lit; methods of a view (6_view.js).

const drawing = {
  get room() {
    const scroller = this.root.closest("[data-testid=stMain]") ?? document.scrollingElement;
    const top = this.picture.getBoundingClientRect().top + scroller.scrollTop;
    const inner = document.documentElement.clientHeight; // a phone's keyboard and address bar leave it as it is
    return Math.max(inner - top - 14, window.innerWidth < 640 ? 420 : 300);
  },

  /** How much larger than on a page all may be: 2 on a projector. */
  get zoom() {
    return Number(getComputedStyle(this.root).getPropertyValue("--rf-zoom")) || 1;
  },

  fit() {
    const size = `${Math.round(this.picture.clientWidth)} ${Math.round(this.room)}`;
    if (this.head && size !== this.size) this.draw("same");
  },

  draw(reason) {
    this.size = `${Math.round(this.picture.clientWidth)} ${Math.round(this.room)}`;
    const width = this.picture.clientWidth;
    if (!width) return;
    const step = this.head.steps[this.step];
    if (this.strips[this.step]) {
      this.reduced(this.strips[this.step], width, reason);
      return;
    }
    const { tower, held } = this;
    const [old, oldTop] = [this.scale, this.shownTop];
    const scale = measured(tower.rows, width, this.room, this.head.frame, this.foot, this.zoom);
    this.scale = scale;
    this.shownTop = tower.top;
    this.glasses = held.map((cell) => tower.hourglass(cell));
    this.numbers = held.length === 1 ? this.glasses[0].between : tower.toGoal;
    const { covered } = this.head; // cells and lines all alike, without a number: what they say is to be guessed
    const met = held.length === 1 && !covered ? this.glasses[0].met : null;
    const tint = covered ? this.numbers.map((row) => row.map(() => NaN)) : shades(this.numbers, this.head.each, this.head.bottom);
    const slim = Math.min(...tower.rows.map((row) => scale.wide(row)));
    const written = (most) => this.numbers.map((row, index) => row.map((count, at) => (covered || (met && !met[index][at]) ? "" : short(count, most))));
    const fitting = (texts) => Math.min(24 * scale.zoom, 0.6 * scale.cell, (0.94 * slim) / (0.58 * Math.max(1, ...texts.flat().map((text) => text.length))));
    let texts = written(1000000n);
    if (fitting(texts) < 12) texts = written(10000n); // fewer digits, which can be read: the sum above has them all
    const font = fitting(texts);
    scale.font = font < 7.5 ? 0 : font;
    const thin = inside(scale.unit / 18, 0.15, scale.type);
    const base = lines(scale, tower.rows, tower.flows, (d, weight, strength = covered ? 0.5 : weight) =>
      `<path class="rf-line" stroke-width="${px(thin * (0.6 + 2.9 * strength))}" stroke-opacity="${px(Math.sqrt(Math.min(thin, 1)) * (0.14 + 0.4 * strength))}" d="${d}"/>`);
    const label = scale.narrow ? 14 : Math.min(15 * scale.type, Math.max(0.7 * scale.cell + 3, Math.min(14, 0.9 * scale.pitch)));
    const rows = tower.rows.map((row, index) => {
      const [y, wide] = [scale.y(index), scale.wide(row)];
      const name = scale.narrow ? (index ? String(index) : "in") : row.name;
      const cells = row.x.map((at, unit) => this.drawn(index, unit, scale.x(at), y, wide, tint[index][unit], texts[index][unit], met)).join("");
      const ghosts = [...scale.ghosts[index]].map(([position, zero]) => ghost(scale.x(place(row, position)), y, wide, scale, zero)).join("");
      return `<g class="rf-row" role="row"><text class="rf-name" x="${px(scale.gutter - 10)}" y="${px(y)}" dy=".34em" text-anchor="end" font-size="${label}" aria-hidden="true">${escaped(name)}</text><g class="rf-ghosts" aria-hidden="true">${ghosts}</g><g class="rf-cells">${cells}</g>${index ? "" : this.called(scale)}</g>`;
    });
    const under = tower.rows.map((_, index) => `<g class="rf-layer">${nothingLines(scale, tower.rows, index)}${base[index]}</g>`);
    const focused = this.root.contains(document.activeElement?.closest?.(".rf-cell") ?? null);
    this.drawing = true; // what had the focus is drawn anew and given it again: nobody left it
    this.picture.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(scale.height)}" viewBox="0 0 ${px(width)} ${px(scale.height)}"><style>${STYLE}</style><g class="rf-lines" aria-hidden="true">${under.join("")}</g><g class="rf-glow" aria-hidden="true"></g><g role="grid" aria-label="${escaped(this.head.alt)}">${rows.join("")}</g></svg>`;
    this.svg = this.picture.firstChild;
    this.svg.dataset.step = step.text;
    this.cells = tower.rows.map((row, index) => [...this.svg.querySelectorAll(`.rf-cell[data-row="${index}"]`)]);
    this.light();
    this.rove();
    if (focused) this.cell(this.focus)?.focus();
    this.drawing = false;
    this.say();
    if ((reason === "more" || reason === "less") && old) this.animate(old, oldTop, reason);
  },

  drawn(row, unit, x, y, wide, value, text, met) {
    const { cell, font } = this.scale;
    const faint = met && !met[row][unit];
    const known = Number.isFinite(value);
    const fill = known ? colour(value, this.head.stops) : "#8886";
    const ink = known ? (value >= 0.5 ? this.head.ink[0] : this.head.ink[1]) : "currentColor";
    const [left, up] = [px(x - wide / 2), px(y - cell / 2)];
    const box = `x="${left}" y="${up}" width="${px(wide)}" height="${px(cell)}" rx="${px(0.18 * Math.min(cell, wide))}"`;
    const at = this.held.findIndex((other) => `${other}` === `${[row, unit]}`);
    const tint = at < 0 ? "" : ` style="--rf-tint:${this.tints[at]}"`;
    const rim = at < 0 ? "" : `<rect class="rf-rim" ${box} stroke="${this.tints[at]}" stroke-width="4"/>`;
    const written = font && text ? `<text x="${px(x)}" y="${px(y)}" dy=".35em" text-anchor="middle" font-size="${px(font)}" fill="${ink}">${text}</text>` : "";
    const number = this.head.covered ? "covered" : plural(this.numbers[row][unit], "path");
    return `<g class="rf-cell" role="gridcell" tabindex="-1" data-row="${row}" data-unit="${unit}"${tint} aria-selected="${at >= 0}" aria-label="${row ? `layer ${row}` : "input"}, unit ${unit}: ${number}"><rect ${box} fill="${fill}"${faint ? ' opacity=".18"' : ""}/>${written}${rim}<rect class="rf-focus" x="${px(left - 3)}" y="${px(up - 3)}" width="${px(wide + 6)}" height="${px(cell + 6)}" rx="${px(0.18 * Math.min(cell, wide) + 3)}"/></g>`;
  },

  /** Lights the paths of what is held, and of what is pointed at. */
  light() {
    if (!this.svg) return;
    const { tower, held, hover, scale } = this;
    if (this.head.covered) return;
    const glows = this.glasses.map((glass, at) => ({ ...glass, tint: this.tints[at] }));
    const pointed = hover && tower.has(hover) && !held.some((cell) => `${cell}` === `${hover}`);
    if (pointed && held.length === 1) {
      glows[0] = { ...glows[0], faint: true };
      glows.push({ ...tower.strand(held[0], hover), tint: this.tints[1] });
    } else if (pointed) {
      glows.forEach((glow) => (glow.faint = true));
      glows.push({ ...tower.hourglass(hover), tint: held.length ? "currentColor" : this.tints[0] });
    }
    const glow = this.svg.querySelector(".rf-glow");
    glow.innerHTML = glows
      .map(({ flows, tint, faint }) =>
        `<g${faint ? ' opacity=".3"' : ""}>${lines(scale, tower.rows, flows, (d, strength) => `<path class="rf-lit-line" stroke="${tint}" stroke-opacity=".88" stroke-width="${px(Math.max(0.3, inside(scale.unit / 18, 0.15, scale.type)) * (1 + 3.8 * strength))}" d="${d}"/>`).join("")}</g>`)
      .join("");
    this.svg.classList.toggle("rf-dim", glows.length > 0);
    this.cells.forEach((row, index) =>
      row.forEach((cell, unit) => cell.classList.toggle("rf-lit", held.length === 1 && !pointed ? true : glows.some(({ met }) => met[index][unit]))),
    );
  },

  rove() {
    if (!this.svg) return;
    const home = this.focus && this.tower.has(this.focus) ? this.focus : [0, Math.floor(this.tower.rows[0].n / 2)];
    this.svg.querySelector('.rf-cell[tabindex="0"]')?.setAttribute("tabindex", "-1");
    this.cell(home)?.setAttribute("tabindex", "0");
  },

  cell([row, unit] = []) {
    return this.cells?.[row]?.[unit];
  },
};

// How a step moves.

const motion = {
  animate(old, oldTop, reason) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const { scale, tower } = this;
    const ease = "cubic-bezier(.2,.7,.3,1)";
    const rows = [...this.svg.querySelectorAll(".rf-row")];
    const layers = [...this.svg.querySelectorAll(".rf-layer")];
    const wait = (row) => Math.min(26, 150 / (tower.top + 1)) * (tower.top - row);
    rows.forEach((row, index) => {
      const fresh = index > oldTop;
      const from = fresh ? -0.7 * scale.pitch : old.y(index) - old.height - (scale.y(index) - scale.height);
      row.animate([{ transform: `translateY(${from}px)`, opacity: fresh ? 0 : 1 }, { transform: "none", opacity: 1 }], { duration: 200, easing: ease });
      row.querySelectorAll("text:not(.rf-name)").length &&
        row.querySelector(".rf-cells").animate([{ filter: "brightness(1)" }, { filter: "brightness(1.5)", offset: 0.4 }, { filter: "brightness(1)" }], { duration: 150, delay: wait(index), easing: "ease-out" });
      layers[index].animate([{ opacity: 0 }, { opacity: 1 }], { duration: 140, delay: wait(index), fill: "backwards" });
    });
  },
};

// Layers too large to be drawn unit by unit.

const reduction = {
  reduced({ names, spans, columns, colours }, width, reason) {
    const count = names.length;
    const narrow = width < 640;
    const gutter = narrow ? 26 : Math.min(14 + 8.2 * Math.max(...names.map((name) => name.length)), 0.24 * width);
    const margin = 6; // the names of the outermost strips are higher than these
    const pitch = inside((this.room - 2 * margin) / count, 5, 40);
    const pictures = this.painted(atob(colours), columns);
    const x = (share) => gutter + share * (width - gutter);
    const every = Math.ceil(17 / pitch);
    const drawn = names.map((name, row) => {
      const y = margin + (count - 1 - row) * pitch;
      const label = row % every ? "" : `<text class="rf-name" x="${gutter - 10}" y="${y + pitch / 2}" dy=".34em" text-anchor="end" font-size="${inside(pitch * 0.7, 14, 15)}">${escaped(narrow ? String(row || "in") : name)}</text>`;
      return `<g class="rf-row">${label}<image x="${px(x(spans[row][0]))}" y="${px(y + 0.08 * pitch)}" width="${px(x(spans[row][1]) - x(spans[row][0]))}" height="${px(0.84 * pitch)}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${pictures[row]}"/></g>`;
    });
    const height = px(count * pitch + 2 * margin);
    this.picture.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(this.head.alt)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><style>${STYLE}</style>${drawn.join("")}</svg>`;
    const [fresh, oldTop] = [[...this.picture.querySelectorAll(".rf-row")], this.shownTop];
    this.svg = null;
    this.scale = null;
    this.cells = null;
    this.shownTop = count - 1;
    this.picture.firstChild.dataset.step = this.head.steps[this.step].text;
    this.said.innerHTML = `<span class="rf-quiet">Each strip is a layer.</span>`;
    if (reason !== "more" || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const from = { transform: `translateY(${px(-pitch)}px)`, opacity: 0 };
    fresh.slice(oldTop + 1).forEach((row) => row.animate([from, { transform: "none", opacity: 1 }], { duration: 200, easing: "ease-out" }));
  },

  /** A picture of each strip, one pixel high. */
  painted(colours, columns) {
    const palette = [[136, 136, 136, 102], ...Array.from({ length: 255 }, (_, shade) => [...rgbOf(colour(shade / 254, this.head.stops)), 255])];
    const canvas = document.createElement("canvas");
    canvas.height = 1;
    const pen = canvas.getContext("2d");
    let first = 0;
    return columns.map((count) => {
      canvas.width = count;
      const strip = pen.createImageData(count, 1);
      for (let at = 0; at < count; at++) {
        const shade = colours.charCodeAt(first + at);
        strip.data.set(shade ? palette[this.head.covered ? 0 : shade] : [0, 0, 0, 0], 4 * at);
      }
      pen.putImageData(strip, 0, 0);
      first += count;
      return canvas.toDataURL();
    });
  },
};
