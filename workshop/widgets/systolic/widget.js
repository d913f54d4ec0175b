// Draws a systolic array cycle by cycle; all numbers come from Python; see widget.py.

import { button, element, View, widgetOf } from "../page.js";

// What learners read here; the rest comes from Python.
const TEXTS = {
  array: "Systolic array",
  back: "◀ Back",
  next: "Next ▶",
  play: "Play",
  pause: "Pause",
  cycle: "Cycle ",
  cycleOf: (cycle, last) => `${cycle} of ${last}`,
  inputs: "inputs move right",
  sums: "sums move down: sum from above + input × weight",
  weights: "weights stay",
  results: "results",
  builds: (row, column) => `Thick frame: row ${row} of the inputs × column ${column} of the weights`,
  term: (input, weight) => `${input} × ${weight}`,
  soFar: (sum) => ` = ${sum} so far`,
  done: (sum) => ` = ${sum}`,
};

// In the units of the drawing. Inputs cross a cell in a lane at its top; sums go down in a lane at
// its right, where neither a weight nor an input rests. Each cell is as wide as its numbers need.
const HIGH = 72;
const LANE = 21; // middle of the inputs' lane below the top of a cell
const REST = 53; // middle of weights and sums at rest
const GAP = 7;
const TOKEN = { wide: 28, high: 22, letter: 9, edges: 10 };
const BELOW = 34; // room for the sums that have left
const FEW_SLOTS = 2; // numbers that wait at the left, where the page is narrow
const NARROW = 560; // px
const SLIDE = 380; // ms: first the inputs, then the sums
const PLAY_EVERY = 1800; // ms, in most of which nothing moves
const SVG = "http://www.w3.org/2000/svg";

function svg(parent, tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const wideOf = (text) => Math.max(TOKEN.wide, text.length * TOKEN.letter + TOKEN.edges);

// The numbers other than null, as they come.
const given = (numbers) => numbers.filter((value) => value !== null);
const widest = (numbers) => Math.max(TOKEN.wide, ...given(numbers).map(wideOf));

class Systolic extends View {
  constructor(model, parent) {
    super(model, parent, "systolic-array", TEXTS.array);
    const { weights, cycles } = model.get("_cells");
    Object.assign(this, { weights, cycles, rows: weights.length, columns: weights[0].length });
    this.measure();
    this.buildControls();
    this.body = element(this.root, "div", "sa-body");
    this.buildDrawing();
    this.buildResults();
    this.listen();
    this.draw(0);
  }

  // What there is --------------------------------------------------------------------------------

  // Widths of what rests in a cell; the inputs' rows and the results, in the order of the states.
  measure() {
    const all = (name) => this.cycles.flatMap((cycle) => cycle[name].flat());
    this.inputWide = widest([...all("inputs"), ...this.weights.flat()]);
    this.sumWide = widest(all("sums"));
    this.wide = 3 * GAP + this.inputWide + this.sumWide;
    this.slot = this.inputWide + 4;
    const enters = this.cycles.map(({ inputs }) => given(inputs.map(([first]) => first)).length > 0);
    this.mostSlots = Math.max(0, enters.lastIndexOf(true));
    this.entered = this.weights.map((_, i) => given(this.cycles.map(({ inputs }) => inputs[i][0])));
    // For each column the cycles in which a result leaves: the first is that of row 0.
    this.leaves = this.weights[0].map((_, j) =>
      [...this.cycles.keys()].filter((cycle) => this.cycles[cycle].sums.at(-1)[j] !== null),
    );
    this.followed = this.follow();
  }

  // Which result is looked at in each cycle: one from its first product to its last, then another
  // that begins; where none does, the one that ends last.
  follow() {
    const all = this.leaves.flatMap((cycles, column) =>
      cycles.map((end, row) => ({ row, column, end, start: end - this.rows + 1 })),
    );
    let now;
    return this.cycles.map((_, cycle) => {
      if (now && cycle <= now.end) return now;
      const open = all.filter(({ start, end }) => start <= cycle && cycle <= end);
      now = open.find(({ start }) => start === cycle) ?? open.at(-1);
      return now;
    });
  }

  buildControls() {
    const bar = element(this.root, "div", "sa-bar");
    this.back = button(bar, "sa-back", TEXTS.back, () => this.go(this.cycle - 1));
    const playOrPause = () => (this.timer ? this.pause() : this.start());
    this.play = button(bar, "sa-play", TEXTS.play, playOrPause);
    this.next = button(bar, "sa-next", TEXTS.next, () => this.go(this.cycle + 1));
    const label = element(bar, "label", "", TEXTS.cycle);
    this.slider = element(label, "input", "sa-slider");
    Object.assign(this.slider, { type: "range", min: 0, max: this.cycles.length - 1, step: 1 });
    this.number = element(bar, "output", "sa-number");
    const legend = element(this.root, "div", "sa-legend");
    for (const [kind, sign, text] of [
      ["input", "→", TEXTS.inputs], ["weight", "w", TEXTS.weights], ["sum", "↓", TEXTS.sums],
    ]) {
      const pair = element(legend, "span", "sa-pair");
      element(pair, "span", `sa-key sa-${kind}`, sign);
      element(pair, "span", "", text);
    }
    this.text = element(this.root, "p", "sa-text");
    this.text.setAttribute("aria-live", "polite");
  }

  buildDrawing() {
    this.drawing?.remove();
    this.slots = this.isNarrow ? Math.min(FEW_SLOTS, this.mostSlots) : this.mostSlots;
    this.left = this.slots * this.slot + 14;
    const width = this.left + this.columns * this.wide + 8;
    const height = this.rows * HIGH + 8 + BELOW;
    const attributes = { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" };
    this.drawing = svg(this.body, "svg", attributes);
    this.body.prepend(this.drawing);
    this.drawing.style.maxWidth = `${width}px`;
    this.boxes = this.weights.map((row, i) =>
      row.map((weight, j) => {
        const [x, y] = [this.left + j * this.wide, i * HIGH];
        const cell = svg(this.drawing, "g", { class: "sa-cell" });
        const box = { x: x + 2, y: y + 4, width: this.wide - 4, height: HIGH - 5, rx: 5 };
        svg(cell, "rect", box);
        const place = { class: "sa-stays", x: x + GAP + this.inputWide / 2, y: y + REST + 5 };
        svg(cell, "text", place, weight);
        return cell;
      }),
    );
    this.tokens = svg(this.drawing, "g", {});
  }

  buildResults() {
    const side = element(this.body, "div", "sa-side");
    const table = element(side, "table", "sa-results");
    element(table, "caption", "", TEXTS.results);
    const most = Math.max(...this.leaves.map((cycles) => cycles.length));
    this.results = Array.from({ length: most }, () => {
      const row = element(table, "tr");
      return this.leaves.map(() => element(row, "td", "sa-result"));
    });
    this.builds = element(side, "p", "sa-builds");
    this.product = element(side, "p", "sa-product");
  }

  listen() {
    this.keepKeys();
    this.slider.addEventListener("input", () => this.go(+this.slider.value));
    this.hear("cycle", () => this.draw(this.shown));
    const sizes = new ResizeObserver(() => this.fit());
    sizes.observe(this.root);
    this.ends.push(() => sizes.disconnect());
  }

  close() {
    super.close();
    clearInterval(this.timer);
  }

  // On a narrow page fewer numbers wait at the left, so that all can be read.
  fit() {
    const isNarrow = this.root.clientWidth < NARROW;
    if (isNarrow === (this.isNarrow ?? false)) return;
    this.isNarrow = isNarrow;
    this.buildDrawing();
    this.draw(this.shown);
  }

  // Time -----------------------------------------------------------------------------------------

  get cycle() {
    return this.model.get("cycle");
  }

  get last() {
    return this.cycles.length - 1;
  }

  show(cycle) {
    this.model.set("cycle", Math.max(0, Math.min(this.last, cycle)));
    this.model.save_changes();
  }

  go(cycle) {
    this.pause();
    this.show(cycle);
  }

  start() {
    this.text.setAttribute("aria-live", "off"); // a reader could not keep up
    this.play.textContent = TEXTS.pause;
    this.timer = setInterval(() => this.tick(), PLAY_EVERY);
    this.show(this.cycle === this.last ? 0 : this.cycle + 1);
  }

  tick() {
    if (this.cycle < this.last) this.show(this.cycle + 1);
    if (this.cycle === this.last) this.pause();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.play.textContent = TEXTS.play;
    this.text.setAttribute("aria-live", "polite");
  }

  // Drawing --------------------------------------------------------------------------------------

  draw(before) {
    const { cycle } = this;
    const state = this.cycles[cycle];
    const moves = cycle === before + 1 && !isCalm();
    const old = moves ? this.cycles[before] : undefined;
    this.shown = cycle;
    this.tokens.replaceChildren();
    this.boxes.forEach((row, i) => {
      row.forEach((cell, j) => {
        const isBusy = state.inputs[i][j] !== null;
        cell.classList.toggle("sa-busy", isBusy);
        if (!isBusy) return;
        this.drawInput("input", state.inputs[i][j], i, j, moves && (j ? this.wide : this.slot));
        this.drawSum(state.sums[i][j], i, j, i ? old?.sums[i - 1][j] : undefined, moves);
      });
    });
    this.drawWaiting(cycle, moves);
    this.drawGone(cycle, moves);
    this.showResults(cycle);
    this.text.textContent = state.text;
    this.slider.value = cycle;
    this.number.textContent = TEXTS.cycleOf(cycle, this.last);
    // Not "disabled": a button that has the focus would lose it.
    this.back.setAttribute("aria-disabled", cycle === 0);
    this.next.setAttribute("aria-disabled", cycle === this.last);
    Object.assign(this.root.dataset, { cycle, busy: given(state.inputs.flat()).length });
  }

  sumPlace(i, j) {
    const x = this.left + (j + 1) * this.wide - GAP - this.sumWide / 2;
    return [x, i < this.rows ? i * HIGH + REST : this.rows * HIGH + 8 + TOKEN.high / 2];
  }

  drawInput(kind, value, i, j, from) {
    const edge = this.left + (j < 0 ? j * this.slot - 2 * GAP : j * this.wide);
    const x = edge + GAP + this.inputWide / 2;
    const token = this.token(kind, value, x, i * HIGH + LANE);
    if (from) token.animate([{ transform: `translateX(${-from}px)` }, {}], timing(0, 1));
  }

  // The inputs have moved when the sum from above comes; then it becomes the new sum.
  drawSum(value, i, j, above, moves) {
    const token = this.token("sum", value, ...this.sumPlace(i, j));
    if (above !== undefined && above !== null) this.drawPassing(above, i, j);
    if (moves) token.animate([{ opacity: 0 }, { opacity: 0 }], timing(0, 2));
  }

  drawPassing(value, i, j) {
    const [x, y] = this.sumPlace(i, j);
    const token = this.token("passing", value, x, y);
    const up = y - this.sumPlace(i - 1, j)[1];
    const moving = token.animate([{ transform: `translateY(${-up}px)` }, {}], timing(1, 1));
    moving.onfinish = () => token.parentNode.remove();
  }

  drawWaiting(cycle, moves) {
    for (let ahead = 1; ahead <= this.slots; ahead++) {
      this.cycles[cycle + ahead]?.inputs.forEach(([value], i) => {
        if (value === null) return;
        // The one at the edge of the drawing would be cut off while it comes.
        const comes = moves && (ahead < this.slots || this.slots === this.mostSlots);
        this.drawInput("input sa-far", value, i, -ahead, comes && this.slot);
      });
    }
  }

  // What has left stands below for one cycle; it is among the results already.
  drawGone(cycle, moves) {
    this.cycles[cycle - 1]?.sums.at(-1).forEach((value, j) => {
      if (value === null) return;
      const token = this.token("sum sa-far", value, ...this.sumPlace(this.rows, j));
      if (!moves) return;
      token.animate([{ opacity: 0 }, { opacity: 0 }], timing(0, 2));
      this.drawPassing(value, this.rows, j);
    });
  }

  showResults(cycle) {
    const looked = this.followed[cycle];
    this.leaves.forEach((ends, j) => {
      ends.forEach((end, row) => {
        const cell = this.results[row][j];
        const isLooked = row === looked?.row && j === looked?.column;
        cell.textContent = end <= cycle ? this.cycles[end].sums.at(-1)[j] : "";
        cell.classList.toggle("sa-there", end <= cycle);
        cell.classList.toggle("sa-looked", isLooked);
      });
    });
    const depth = looked ? cycle - looked.start : -1;
    this.boxes.forEach((row, i) => {
      row.forEach((cell, j) => {
        cell.classList.toggle("sa-looked", i === depth && j === looked?.column);
      });
    });
    this.showProduct(looked, depth, cycle);
  }

  showProduct(looked, depth, cycle) {
    this.builds.textContent = looked ? TEXTS.builds(looked.row, looked.column) : "";
    this.product.replaceChildren();
    if (!looked) return;
    this.weights.forEach((row, i) => {
      if (i) element(this.product, "span", "", " + ");
      const term = TEXTS.term(this.entered[i][looked.row] ?? "?", row[looked.column]);
      element(this.product, "span", i > depth ? "sa-later" : "sa-done", term);
    });
    const sum = this.cycles[cycle].sums[depth]?.[looked.column] ?? "?";
    element(this.product, "b", "", cycle < looked.end ? TEXTS.soFar(sum) : TEXTS.done(sum));
  }

  token(kind, value, x, y) {
    const place = { class: `sa-token sa-${kind}`, transform: `translate(${x} ${y})` };
    const moving = svg(svg(this.tokens, "g", place), "g", {});
    const wide = wideOf(value);
    const round = kind.startsWith("input") ? TOKEN.high / 2 : 2;
    const box = { x: -wide / 2, y: -TOKEN.high / 2, width: wide, height: TOKEN.high, rx: round };
    svg(moving, "rect", box);
    svg(moving, "text", { y: 5 }, value);
    return moving;
  }
}

// From the begin of a cycle: after how many slides, and for how many.
const timing = (after, slides) => ({
  delay: after * SLIDE, duration: slides * SLIDE, easing: "ease-in-out", fill: "backwards",
});

export default widgetOf(Systolic);
