// A tower on a page: steps, picks, keys, and what is reported of them.
//
// Python sends rows with their taps for every depth within reach (core/figures/tower_rows.py) and reads these files in
// the order of their names, as one script. What is counted, coloured and lit follows here, so that a step, a pick and
// what is pointed at are drawn without the server, which is told once they rest. The same script draws the page that is
// handed out.

const REST = 320; // milliseconds without a step or pick until the server is told
const PATIENCE = 8000; // until what the server shows is taken, though it is not what was reported

class View {
  constructor(root) {
    this.root = root;
    root.innerHTML = `<div class="rf-bar"><div class="rf-said" aria-live="polite"></div><div class="rf-save"></div></div><div class="rf-picture"></div>`;
    [this.said, this.save, this.picture] = [".rf-said", ".rf-save", ".rf-picture"].map((name) => root.querySelector(name));
    for (const kind of ["SVG", "PNG"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = kind;
      button.setAttribute("aria-label", `Save the picture as ${kind}`);
      button.onclick = () => this.download(kind);
      this.save.append(button);
    }
    this.picks = [];
    this.hover = null;
    this.focus = null;
    this.ahead = null; // the step that is asked of the server
    this.known = new Map(); // towers, by their steps
    this.reported = null;
    this.picture.addEventListener("pointermove", (event) => event.pointerType !== "touch" && this.point(this.under(event)));
    this.picture.addEventListener("pointerleave", () => this.point(null));
    this.picture.addEventListener("click", (event) => {
      const cell = this.under(event, event.pointerType === "touch");
      if (cell) this.pick(cell);
    });
    this.picture.addEventListener("focusin", (event) => {
      const cell = event.target.closest?.(".rf-cell");
      if (cell && !this.drawing) this.attend([Number(cell.dataset.row), Number(cell.dataset.unit)], cell.matches(":focus-visible"));
    });
    this.picture.addEventListener("focusout", () => this.drawing || this.point(null));
    this.onkey = (event) => this.key(event);
    this.onclick = (event) => this.click(event);
    this.onsize = () => this.fit();
    window.addEventListener("keydown", this.onkey, true);
    window.addEventListener("click", this.onclick, true);
    window.addEventListener("resize", this.onsize);
    this.sizes = new ResizeObserver(() => this.fit());
    const page = root.closest("[data-testid=stMainBlockContainer]"); // grows too where what stands above does: the tower moves down
    for (const watched of [root, page]) if (watched) this.sizes.observe(watched);
  }

  close() {
    window.removeEventListener("keydown", this.onkey, true);
    window.removeEventListener("click", this.onclick, true);
    window.removeEventListener("resize", this.onsize);
    this.sizes.disconnect();
    clearTimeout(this.timer);
    clearTimeout(this.waiting);
  }

  // What the server shows is taken, unless it is behind what was reported to it since.
  take(text) {
    if (text === this.text) {
      this.dress(); // the page was made dark, or light
      this.draw("same");
      return;
    }
    this.text = text;
    const sent = JSON.parse(text);
    if (sent.head.key !== this.head?.key) {
      this.known.clear();
      this.rows = unpacked(sent.body);
      this.strips = sent.strips; // of each step; none where it has rows, or is asked for
    }
    const first = !this.head;
    const before = this.head;
    const kept = this.head?.steps[this.step]?.text;
    const awaited = this.head?.steps[this.ahead]?.text;
    this.head = sent.head;
    if (`${before?.steps.map(({ goal }) => goal)}` !== `${sent.head.steps.map(({ goal }) => goal)}`) this.known.clear();
    this.dress();
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", this.head.alt);
    const own = this.head.steps.findIndex((step) => step.text === kept);
    const late = this.reported && sent.head.net !== this.reported.net && (sent.head.net === this.reported.before || this.reported.passed.has(sent.head.net));
    if ((this.timer || late) && own >= 0) {
      this.step = own;
      if (this.ahead !== null) this.ahead = this.head.steps.findIndex((step) => step.text === awaited);
      if (this.ahead < 0) this.ahead = null;
      this.draw("same");
      return;
    }
    this.reported = null;
    this.ahead = null;
    clearTimeout(this.waiting);
    const moved = kept !== undefined && kept !== sent.head.net;
    const down = own > sent.head.now;
    this.step = sent.head.now;
    this.picks = sent.head.picked;
    this.draw(first ? "first" : moved && own >= 0 ? (down ? "less" : "more") : "same");
  }

  /** The colours of picks, lighter where the page is dark. */
  dress() {
    const page = rgbOf(this.background());
    const dark = page && page[0] + page[1] + page[2] < 380;
    const lighter = (colour) => `rgb(${rgb(colour).map((part) => Math.round(part + 0.35 * (255 - part)))})`;
    this.tints = [this.head.first, this.head.second].map((tint) => (dark ? lighter(tint) : tint));
    ["first", "second"].forEach((name, at) => this.root.style.setProperty(`--rf-${name}`, this.tints[at]));
  }

  get tower() {
    const { rows, goal } = this.head.steps[this.step];
    if (!this.known.has(this.step)) this.known.set(this.step, new Tower(this.rows.slice(0, rows), goal));
    return this.known.get(this.step);
  }

  get held() {
    const strips = this.strips[this.step];
    return this.picks.filter(([row, unit]) => (strips ? unit < (strips.units[row] ?? 0) : this.tower.has([row, unit])));
  }

  /** One step on; where nothing of it is held, the server is asked for it. */
  move(by) {
    const next = (this.ahead ?? this.step) + by;
    const step = this.head.steps[next];
    if (!step) return;
    this.hover = null;
    const held = step.rows || this.strips[next];
    this.ahead = held ? null : next;
    if (held) {
      this.step = next;
      this.draw(by > 0 ? "more" : "less");
    }
    this.report();
  }

  pick(cell) {
    const held = this.held;
    const same = held.findIndex((other) => `${other}` === `${cell}`);
    this.picks = same >= 0 ? held.filter((_, at) => at !== same) : [...held.slice(0, 1), cell];
    this.hover = null;
    this.focus = cell;
    this.draw("same");
    this.report();
  }

  report() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(this.head.steps[this.ahead ?? this.step].text), this.ahead === null ? REST : REST / 3);
  }

  tell(net) {
    clearTimeout(this.timer);
    this.timer = null;
    const passed = this.reported?.passed ?? new Set();
    if (this.reported) passed.add(this.reported.net);
    passed.delete(net);
    this.reported = { net, before: this.reported?.before ?? this.head.net, passed };
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.reported = null;
    }, PATIENCE);
    const picks = this.ahead === null ? this.held : this.picks; // units that the shown step has
    const cell = picks.map(([row, unit]) => `${row}:${unit}`).join(",");
    this.send("change", { net, cell });
  }

  under(event, generous = false) {
    if (!this.scale) return null;
    const box = this.picture.getBoundingClientRect();
    const [x, y] = [event.clientX - box.x, event.clientY - box.y];
    const { scale, tower } = this;
    const row = Math.round((scale.y(0) - y) / scale.pitch);
    const reach = generous ? scale.pitch / 2 : scale.cell / 2 + 4;
    if (row < 0 || row > tower.top || Math.abs(scale.y(row) - y) > reach) return null;
    const unit = this.nearest(row, x);
    const half = Math.max(0.5 * tower.rows[row].spacing * scale.unit, scale.wide(tower.rows[row]) / 2);
    return Math.abs(scale.x(tower.rows[row].x[unit]) - x) <= half + 1 ? [row, unit] : null;
  }

  nearest(row, x) {
    let best = 0;
    this.tower.rows[row].x.forEach((at, unit, all) => {
      if (Math.abs(this.scale.x(at) - x) < Math.abs(this.scale.x(all[best]) - x)) best = unit;
    });
    return best;
  }

  point(cell) {
    if (`${cell}` === `${this.hover}`) return;
    this.hover = cell;
    this.light();
    this.say();
  }

  attend(cell, seen) {
    this.focus = cell;
    this.rove();
    if (seen) this.point(cell);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.head || !this.root.isConnected) return;
    const target = event.composedPath()[0];
    const typing = target.closest?.("textarea, [contenteditable=true]");
    const steps = this.head.steps.length > 1;
    if ((event.key === "PageDown" || event.key === "PageUp") && steps && !typing) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.move(event.key === "PageDown" ? 1 : -1);
      return;
    }
    const own = this.root.contains(target) || event.composedPath().includes(this.root);
    const busy = target.closest?.("input, select, textarea, [contenteditable=true], [role=slider], [role=radio], [role=radiogroup], [role=option], [role=listbox], [role=combobox], [role=menu], [role=menuitem], [role=tab], [role=dialog], [role=grid], [data-testid=stDataFrame]");
    if ((busy && !own) || !this.scale) return;
    const walks = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] };
    if (walks[event.key]) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.walk(...walks[event.key]);
    } else if (event.key === "Enter" || event.key === " ") {
      const here = target.closest?.(".rf-cell");
      if (!here && target !== document.body) return;
      if (!this.focus || !this.tower.has(this.focus)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.pick(this.focus);
    } else if (event.key === "Escape" && (this.picks.length || this.hover)) {
      if (document.querySelector("[data-testid=stPopoverBody], [role=dialog], [data-baseweb=menu]")) return;
      event.stopImmediatePropagation(); // the next one leaves the projector
      this.picks = [];
      this.hover = null;
      this.draw("same");
      this.report();
    }
  }

  walk(up, right) {
    const { rows, top } = this.tower;
    const from = this.focus && this.tower.has(this.focus) ? this.focus : null;
    let next = from ?? [0, Math.floor(rows[0].n / 2)];
    if (from && right) next = [from[0], inside(from[1] + right, 0, rows[from[0]].n - 1)];
    if (from && up) {
      const row = inside(from[0] + up, 0, top);
      next = row === from[0] ? from : [row, this.nearest(row, this.scale.x(rows[from[0]].x[from[1]]))];
    }
    this.focus = next;
    this.rove();
    this.cell(next)?.focus({ focusVisible: true });
    this.point(next);
  }

  // The page's own buttons for one layer less and one more step here too.
  click(event) {
    const button = event.target.closest?.(".st-key-_more button, .st-key-_less button");
    if (!button || !this.head || this.head.steps.length < 2) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.move(button.closest(".st-key-_more") ? 1 : -1);
  }
}

for (const part of [drawing, callouts, motion, reduction, words, saving]) {
  Object.defineProperties(View.prototype, Object.getOwnPropertyDescriptors(part));
}

const kept = new WeakMap(); // views, by the elements that hold them


export default function tower({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".rf-tower");
  if (!kept.has(root)) kept.set(root, new View(root));
  const view = kept.get(root);
  view.send = setTriggerValue;
  view.take(typeof data === "string" ? data : new TextDecoder().decode(data));
  return () => {
    kept.get(root)?.close();
    kept.delete(root);
  };
}
