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
};

const WIDE = 84; // of a cell, in the units of the drawing
const HIGH = 72;
const TOKEN = { wide: 36, high: 22 };
const SLOT = 40; // between two numbers that wait at the left
const STEP_DOWN = 25; // between two numbers that have left below
const MOST_SLOTS = 7;
const PLAY_EVERY = 1200; // ms
const SLIDE = 450; // ms
const SVG = "http://www.w3.org/2000/svg";

function svg(parent, tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

class Systolic extends View {
  constructor(model, parent) {
    super(model, parent, "systolic-array", TEXTS.array);
    const { weights, cycles } = model.get("_cells");
    Object.assign(this, { weights, cycles, rows: weights.length, columns: weights[0].length });
    this.slots = Math.min(MOST_SLOTS, cycles.length - 1);
    this.left = this.slots * SLOT + 14;
    this.build();
    this.listen();
    this.draw(0);
  }

  // What there is --------------------------------------------------------------------------------

  build() {
    const bar = element(this.root, "div", "sa-bar");
    this.back = button(bar, "sa-back", TEXTS.back, () => this.go(this.cycle - 1));
    const playOrPause = () => (this.timer ? this.pause() : this.start());
    this.play = button(bar, "sa-play", TEXTS.play, playOrPause);
    this.next = button(bar, "sa-next", TEXTS.next, () => this.go(this.cycle + 1));
    const label = element(bar, "label", "", TEXTS.cycle);
    this.slider = element(label, "input", "sa-slider");
    Object.assign(this.slider, { type: "range", min: 0, max: this.cycles.length - 1, step: 1 });
    this.number = element(bar, "output", "sa-number");
    this.text = element(this.root, "p", "sa-text");
    this.text.setAttribute("aria-live", "polite");
    this.buildDrawing();
    const legend = element(this.root, "div", "sa-legend");
    element(legend, "span", "sa-key sa-input", "→");
    element(legend, "span", "", TEXTS.inputs);
    element(legend, "span", "sa-key sa-sum", "↓");
    element(legend, "span", "", TEXTS.sums);
    element(legend, "span", "sa-key sa-weight", "w");
    element(legend, "span", "", TEXTS.weights);
  }

  buildDrawing() {
    const width = this.left + this.columns * WIDE + 8;
    const below = Math.min(MOST_SLOTS, this.cycles.length) * STEP_DOWN + 12;
    const height = this.rows * HIGH + 8 + below;
    this.drawing = svg(this.root, "svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    this.drawing.style.maxWidth = `${width * 1.15}px`;
    this.boxes = this.weights.map((row, i) =>
      row.map((weight, j) => {
        const x = this.left + j * WIDE;
        const cell = svg(this.drawing, "g", { class: "sa-cell" });
        svg(cell, "rect", { x: x + 3, y: i * HIGH + 7, width: WIDE - 6, height: HIGH - 6, rx: 5 });
        svg(cell, "text", { class: "sa-stays", x: x + WIDE - 24, y: i * HIGH + 27 }, weight);
        return cell;
      }),
    );
    this.tokens = svg(this.drawing, "g", {});
  }

  listen() {
    this.keepKeys();
    this.slider.addEventListener("input", () => this.go(+this.slider.value));
    this.hear("cycle", () => this.draw(this.shown));
  }

  close() {
    super.close();
    clearInterval(this.timer);
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
    this.shown = cycle;
    this.tokens.replaceChildren();
    this.boxes.forEach((row, i) => {
      row.forEach((cell, j) => {
        const isBusy = state.inputs[i][j] !== null;
        cell.classList.toggle("sa-busy", isBusy);
        if (!isBusy) return;
        const [x, y] = [this.left + j * WIDE, i * HIGH];
        this.token("input", state.inputs[i][j], x + 24, y + 22, moves && [j ? -WIDE : -SLOT, 0]);
        this.token("sum", state.sums[i][j], x + WIDE / 2, y + 56, moves && [0, i ? -HIGH : 0]);
      });
    });
    this.drawWaiting(cycle, moves);
    this.drawGone(cycle, moves);
    this.text.textContent = state.text;
    this.slider.value = cycle;
    this.number.textContent = TEXTS.cycleOf(cycle, this.last);
    // Not "disabled": a button that has the focus would lose it.
    this.back.setAttribute("aria-disabled", cycle === 0);
    this.next.setAttribute("aria-disabled", cycle === this.last);
    Object.assign(this.root.dataset, { cycle, busy: state.inputs.flat().filter((v) => v !== null).length });
  }

  drawWaiting(cycle, moves) {
    for (let ahead = 1; ahead <= this.slots; ahead++) {
      this.cycles[cycle + ahead]?.inputs.forEach(([value], i) => {
        if (value === null) return;
        const x = this.left - ahead * SLOT + 16;
        this.token("input sa-far", value, x, i * HIGH + 22, moves && [-SLOT, 0]);
      });
    }
  }

  drawGone(cycle, moves) {
    for (let ago = 1; ago <= MOST_SLOTS; ago++) {
      const sums = this.cycles[cycle - ago]?.sums.at(-1);
      sums?.forEach((value, j) => {
        if (value === null) return;
        const y = this.rows * HIGH + (ago - 0.2) * STEP_DOWN;
        this.token("sum sa-far", value, this.left + (j + 0.5) * WIDE, y, moves && [0, -STEP_DOWN]);
      });
    }
  }

  token(kind, value, x, y, from) {
    const group = svg(this.tokens, "g", { class: `sa-token sa-${kind}`, transform: `translate(${x} ${y})` });
    const moving = svg(group, "g", {});
    const wide = Math.max(TOKEN.wide, value.length * 9 + 10);
    const round = kind.startsWith("input") ? TOKEN.high / 2 : 2;
    const box = { x: -wide / 2, y: -TOKEN.high / 2, width: wide, height: TOKEN.high, rx: round };
    svg(moving, "rect", box);
    svg(moving, "text", { y: 5 }, value);
    if (from) {
      const path = [{ transform: `translate(${from[0]}px, ${from[1]}px)` }, { transform: "none" }];
      moving.animate(path, { duration: SLIDE, easing: "ease-in-out" });
    }
  }
}

export default widgetOf(Systolic);
