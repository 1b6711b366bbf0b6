// The pixels that the page's sentence speaks of, outlined, with their numbers below them; methods of a view (6_view.js).

const callouts = {
  get calls() {
    return Boolean(this.head.callouts) && !this.head.covered && this.tower.rows[0].n > 2;
  },

  /** Pixels that they take below the rows: also while something is picked, so that nothing jumps. */
  get foot() {
    return !this.calls ? 0 : this.zoom > 1 ? 46 : this.picture.clientWidth < 640 ? 40 : 28;
  },

  /** Outlines and numbers of the end with the fewest paths and of the middle; products where both axes are alike. */
  called(scale) {
    if (!this.calls || this.held.length) return "";
    const [row] = this.tower.rows;
    const [counts] = this.tower.toGoal;
    const last = counts[row.n - 1] < counts[0];
    const units = [last ? row.n - 1 : 0, Math.floor(row.n / 2)];
    const font = scale.narrow ? 14 : 16 * scale.type;
    const texts = [true, false].map((product) => units.map((unit, at) => this.callout(at, counts[unit], product)));
    const spread = (pair) => {
      const [end, middle] = pair.map(({ name, number }) => 0.54 * font * (scale.narrow ? Math.max(name.length, number.length) : name.length + 1 + number.length));
      const [outer, centre] = units.map((unit) => scale.x(row.x[unit]));
      const half = scale.wide(row) / 2;
      const from = inside(centre - middle / 2, 0, scale.width - middle);
      return [last ? Math.max(outer + half - end, from + middle + 12) : Math.min(outer - half, from - end - 12), from, last ? scale.width - end : 0];
    };
    const fits = ([start, , bound]) => (last ? start <= bound : start >= bound);
    const pair = fits(spread(texts[0])) ? texts[0] : texts[1];
    const starts = spread(pair);
    return units.map((unit, at) => this.outlined(scale, row, unit, at) + this.written(scale, font, starts[at], pair[at], at)).join("");
  },

  outlined(scale, row, unit, at) {
    const wide = scale.wide(row);
    return `<rect class="rf-rim" x="${px(scale.x(row.x[unit]) - wide / 2)}" y="${px(scale.y(0) - scale.cell / 2)}" width="${px(wide)}" height="${px(scale.cell)}" rx="${px(0.18 * Math.min(scale.cell, wide))}" stroke="${this.tints[at]}" stroke-width="4"/>`;
  },

  written(scale, font, x, { name, number }, at) {
    const second = scale.narrow ? `x="${px(x)}" dy="1.2em"` : 'dx=".35em"';
    return `<text class="rf-call" x="${px(x)}" y="${px(scale.foot + font + 2)}" font-size="${font}" fill="${this.tints[at]}" aria-hidden="true">${name}<tspan ${second} font-weight="700">${number}</tspan></text>`;
  },

  callout(at, count, product) {
    const corner = this.head.callouts === "corner";
    const name = at ? "centre" : corner ? "corner" : "end";
    if (!corner || !product) return { name, number: corner ? `${short(count)} along each axis` : plural(count, "path") };
    const exact = count < 1000000n;
    const square = exact ? full(count * count) : short(count * count);
    return { name, number: `${short(count)} × ${short(count)} ${exact ? "=" : "≈"} ${square}` };
  },
};
