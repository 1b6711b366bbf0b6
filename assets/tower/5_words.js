// What the tower answers in words; methods of a view (6_view.js).

const words = {
  name([row, unit]) {
    const { n } = this.tower.rows[row];
    if (row) return `layer ${row}, unit ${unit}`;
    if (unit === 0 || unit === n - 1) return "end";
    return unit === Math.floor(n / 2) ? "centre" : `pixel ${unit}`;
  },

  place([row, unit]) {
    return row ? `layer ${row}, unit ${unit}` : `pixel ${unit}`;
  },

  get aim() {
    const { tower } = this;
    return tower.goal === null ? "the outputs" : `output unit ${tower.goal}`;
  },

  say() {
    const text = this.words();
    if (this.said.innerHTML !== text) this.said.innerHTML = text;
  },

  words() {
    const { tower, held, hover } = this;
    if (this.head.covered) return `<span class="rf-quiet">The numbers are covered.</span>`;
    if (hover && tower.has(hover)) return held.length === 1 ? this.strandWords(hover, held[0]) : this.sum(hover);
    if (held.length === 2) return this.ratio(...held);
    if (held.length === 1) return `<b class="rf-first">${this.place(held[0])}</b>: ${this.equation(held[0], tower.toGoal, true)} to ${this.aim}. <span class="rf-quiet">Each number counts the paths between its unit and this one.</span>`;
    return `<span class="rf-quiet">Point at a unit: its paths, and the sum that makes its number. Click holds it.</span>`;
  },

  sum(cell) {
    return `<b>${this.place(cell)}</b>: ${this.equation(cell, this.tower.toGoal, true)} to ${this.aim}`;
  },

  strandWords(cell, held) {
    if (`${cell}` === `${held}`) return this.sum(cell);
    return `<b class="rf-second">${this.place(cell)}</b>: ${this.equation(cell, this.numbers, cell[0] < held[0])} between it and <b class="rf-first">${this.place(held)}</b>`;
  },

  /** "9 + 12 + 9 = <b>30</b> paths". */
  equation(cell, numbers, up) {
    const count = numbers[cell[0]][cell[1]];
    const terms = this.tower.terms(cell, numbers, up);
    const parts = terms.map(({ count: part, times: edges }) => (edges > 1n ? `${short(edges)} × ${short(part)}` : short(part)));
    const exact = terms.every(({ count: part }) => part < 1000000n);
    const shown = parts.length > 11 ? [...parts.slice(0, 5), "…", ...parts.slice(-2)] : parts;
    const many = parts.length > 11 ? ` (${parts.length} numbers)` : "";
    const sum = terms.length > 1 || (terms[0] && terms[0].times > 1n) ? `${shown.join(" + ")}${many} ${exact ? "=" : "≈"} ` : "";
    return `${sum}<b>${full(count)}</b> path${count === 1n ? "" : "s"}`;
  },

  ratio(one, other) {
    const { toGoal } = this.tower;
    const [a, b] = [one, other].map(([row, unit]) => toGoal[row][unit]);
    let names = [one, other].map((cell) => this.name(cell));
    if (names[0] === names[1]) names = [one, other].map((cell) => this.place(cell));
    const [more, less] = a > b ? [a, b] : [b, a];
    const told = more === less ? "as many" : less ? `<b>${times(more, less)} times</b>` : "one of them has none";
    return `<b class="rf-first">${names[0]} ${full(a)}</b>, <b class="rf-second">${names[1]} ${full(b)}</b>: ${told} <span class="rf-quiet">paths to ${this.aim}</span>`;
  },
};

// Pictures to take away.

const saving = {
  async download(kind) {
    const drawn = this.picture.querySelector("svg").cloneNode(true);
    const style = getComputedStyle(this.root);
    const page = this.background();
    drawn.setAttribute("style", `color:${style.color};font-family:${style.fontFamily.replaceAll('"', "'")};background:${page}`);
    const [width, height] = ["width", "height"].map((name) => Number(drawn.getAttribute(name)));
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ width, height, fill: page })) paper.setAttribute(name, value);
    drawn.insertBefore(paper, drawn.firstChild);
    let file = new Blob([new XMLSerializer().serializeToString(drawn)], { type: "image/svg+xml" });
    if (kind === "PNG") {
      const image = new Image();
      image.src = URL.createObjectURL(file);
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [3 * width, 3 * height];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      file = await new Promise((done) => canvas.toBlob(done, "image/png"));
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `tower.${kind.toLowerCase()}`;
    link.click();
  },

  background() {
    const themed = getComputedStyle(this.root).getPropertyValue("--st-background-color").trim();
    if (themed) return themed;
    for (let element = this.root; element; element = element.parentElement) {
      const found = getComputedStyle(element).backgroundColor;
      if (found && !/, 0\)|transparent/.test(found)) return found;
    }
    return "#fff";
  },
};
