// Draws the playground from the traits of Playground and sends what is pressed and chosen; see
// state.py for what the traits hold.

import {
  bytes, button, CanvasView, copied, element, line, panel, spokenLine, widgetOf,
} from "../page.js";

// What learners read here; the rest comes from Python.
const TEXTS = {
  playground: "Playground: a classifier of two clouds of points",
  cloud: "Cloud",
  layers: "Hidden layers",
  noLayer: "none",
  units: "Units of each hidden layer",
  unitsOf: (layer) => `Units ${layer}`,
  activation: "Activation",
  linear: "none (linear)",
  rate: "Learning rate",
  run: "Run",
  pause: "Pause",
  step: "Step",
  reset: "Reset",
  numbers: { step: "step ", loss: "loss ", accuracy: "accuracy " },
  surface: "decision surface",
  zero: "● 0",
  one: "▲ 1",
  border: "line: one half",
  loss: "loss of all points",
  steps: "step",
  failed: (error) => `The playground could not be drawn: ${error}`,
  busy: "The kernel is busy, with a cell or a first step: it hears this when that is done.",
  firstStep: "The first step of a model takes a moment: TensorFlow traces it into a graph.",
  running: (text) => `running: ${text}`,
  paused: (text) => `paused: ${text}`,
  noSurface: "no model to draw",
  surfaceSaid: (points, accuracy) => `decision surface with ${points} points, accuracy ${accuracy}`,
  noModel: "no model",
  noStep: "no step yet: press Run",
  lossSaid: (steps, loss) => `loss over ${steps} steps, newest ${loss}`,
  noNumber: (step) => `no number at step ${step}`,
};

const NOT_A_NUMBER = 65535;
const HALF = (NOT_A_NUMBER - 1) / 2; // the level that stands for the probability one half
const MOST_LAYERS = 6;
const FIRST_UNITS = 16; // of a layer that is added
const SPEAK_EVERY = 5000; // ms: a screen reader needs time for a sentence
const ANSWER = 1500; // ms: after so long without an answer, the kernel is busy
const TINTS = ["tint-zero", "tint-half", "tint-one", "tint-none"];
const COLOURS = ["ink", "quiet", "line", "paper", "zero", "one", ...TINTS];
const LOOK = { over: 4, gap: 7, below: 16, nameBelow: 30 };

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

class Playground extends CanvasView {
  constructor(model, parent) {
    super(model, parent, "workshop-playground", TEXTS.playground);
    // Keys belong to the controls here, not to the notebook: arrows, Enter, letters.
    this.root.dataset.lmSuppressShortcuts = "true";
    this.keepKeys();
    this.makeSettings();
    this.makeBar();
    this.problem = element(this.root, "div", "pg-problem");
    this.problem.setAttribute("role", "alert");
    this.note = element(this.root, "div", "pg-note");
    this.spoken = spokenLine(this.root);
    const panels = element(this.root, "div", "pg-panels");
    this.surface = panel(panels, "pg-surface", TEXTS.surface);
    this.makeKey(this.surface.caption);
    this.loss = panel(panels, "pg-loss", TEXTS.loss);
    this.sent = 0;
    this.spokenAt = -Infinity;
    this.hear("_state", () => this.soon());
  }

  labelled(parent, text, made) {
    const pair = element(parent, "div", "pg-field");
    const label = element(pair, "label", "", text);
    label.htmlFor = made.id = `pg-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    pair.append(made);
    return made;
  }

  select(parent, text, values, onChange) {
    const made = this.labelled(parent, text, document.createElement("select"));
    for (const [value, shown] of values) this.option(made, value, shown);
    made.addEventListener("change", onChange);
    return made;
  }

  option(select, value, shown = value) {
    const made = element(select, "option", "", `${shown}`);
    made.value = `${value}`;
  }

  makeSettings() {
    const options = this.model.get("_options");
    const parent = element(this.root, "div", "pg-settings");
    const named = (values, names = {}) => values.map((k) => [k, names[k] ?? k]);
    this.cloud = this.select(parent, TEXTS.cloud, named(options.clouds), () =>
      this.choose({ cloud: this.cloud.value }),
    );
    const counts = [...Array(MOST_LAYERS + 1).keys()];
    this.layers = this.select(parent, TEXTS.layers, named(counts, { 0: TEXTS.noLayer }), () =>
      this.resize(+this.layers.value),
    );
    this.units = element(parent, "div", "pg-units");
    this.units.setAttribute("role", "group");
    this.units.setAttribute("aria-label", TEXTS.units);
    const activations = named(options.activations, { linear: TEXTS.linear });
    this.activation = this.select(parent, TEXTS.activation, activations, () =>
      this.choose({ activation: this.activation.value }),
    );
    this.rate = this.select(parent, TEXTS.rate, named(options.learning_rates), () =>
      this.choose({ learning_rate: +this.rate.value }),
    );
  }

  makeBar() {
    const bar = element(this.root, "div", "pg-bar");
    this.run = button(bar, "pg-run", TEXTS.run, () =>
      this.send({ do: this.model.get("_state").running ? "pause" : "run" }),
    );
    button(bar, "pg-step", TEXTS.step, () => this.send({ do: "step" }));
    button(bar, "pg-reset", TEXTS.reset, () => this.send({ do: "reset" }));
    const numbers = element(bar, "div", "pg-numbers");
    const pairs = Object.entries(TEXTS.numbers);
    this.numbers = Object.fromEntries(
      pairs.map(([name, text]) => [name, element(element(numbers, "div", "", text), "b")]),
    );
  }

  makeKey(caption) {
    const key = element(caption, "small");
    element(key, "span", "pg-zero", TEXTS.zero);
    element(key, "span", "pg-one", TEXTS.one);
    element(key, "span", "", TEXTS.border);
  }

  close() {
    super.close();
    clearTimeout(this.answer);
    clearTimeout(this.typing);
  }

  send(message) {
    this.sent = Date.now();
    this.model.send({ ...message, number: this.sent });
    clearTimeout(this.answer);
    this.answer = setTimeout(() => this.soon(), ANSWER);
  }

  choose(choice) {
    this.send({ do: "choose", choice });
  }

  fields() {
    return [...this.units.querySelectorAll("input")];
  }

  resize(count) {
    const units = this.fields().map((field) => +field.value || FIRST_UNITS);
    while (units.length < count) units.push(units.at(-1) ?? FIRST_UNITS);
    this.showUnits(units.slice(0, count));
    this.choose({ hidden_units: units.slice(0, count) });
  }

  showUnits(units) {
    while (this.units.childElementCount > units.length) this.units.lastElementChild.remove();
    while (this.units.childElementCount < units.length) {
      const field = document.createElement("input");
      Object.assign(field, { type: "number", min: 1, max: 256, step: 1 });
      const place = this.units.childElementCount + 1;
      this.labelled(this.units, TEXTS.unitsOf(place), field);
      field.addEventListener("change", () => {
        // One message for a held arrow key.
        clearTimeout(this.typing);
        this.typing = setTimeout(() => this.chooseUnits(), 250);
      });
    }
    this.fields().forEach((field, place) => {
      field.value = units[place];
    });
  }

  chooseUnits() {
    this.choose({ hidden_units: this.fields().map((field) => Number(field.value)) });
  }

  // The fields show what the kernel has; what it has not heard yet stays.
  showChoice(choice, isHeard) {
    const shown = JSON.stringify(choice);
    if (!isHeard || (shown === this.shown && this.heardAt === this.sent)) return;
    [this.shown, this.heardAt] = [shown, this.sent];
    const pick = (select, value) => {
      if (![...select.options].some((option) => option.value === `${value}`)) {
        this.option(select, value);
      }
      select.value = `${value}`;
    };
    pick(this.cloud, choice.cloud);
    pick(this.layers, choice.hidden_units.length);
    pick(this.activation, choice.activation);
    pick(this.rate, choice.learning_rate);
    this.activation.disabled = choice.hidden_units.length === 0;
    if (!this.typing || !this.units.contains(document.activeElement)) {
      this.showUnits(choice.hidden_units);
    } else if (this.fields().length !== choice.hidden_units.length) {
      this.showUnits(choice.hidden_units);
    }
  }

  trouble(error) {
    this.problem.textContent = TEXTS.failed(error);
  }

  draw() {
    const state = this.model.get("_state");
    if (state.step === undefined) return;
    const isHeard = state.heard >= this.sent;
    this.readColours(COLOURS);
    this.tints = TINTS.map((name) => rgb(this.colours[name]));
    this.showChoice(state.choice, isHeard);
    this.run.textContent = state.running ? TEXTS.pause : TEXTS.run;
    this.run.classList.toggle("pg-running", state.running);
    this.numbers.step.textContent = state.step.toLocaleString("en");
    this.numbers.loss.textContent = state.step ? state.loss : "–";
    this.numbers.accuracy.textContent = state.accuracy ?? "–";
    this.say(this.problem, state.problem);
    this.say(this.note, this.hint(state, isHeard));
    this.speak(state);
    this.drawSurface(state);
    this.drawLoss(state);
    Object.assign(this.root.dataset, { // tests read them
      step: state.step,
      running: state.running,
      accuracy: state.accuracy ?? "",
      heard: isHeard,
    });
  }

  hint(state, isHeard) {
    if (!isHeard && Date.now() - this.sent >= ANSWER) {
      return TEXTS.busy;
    }
    if (state.running && state.step === 0) return TEXTS.firstStep;
    return state.note ?? "";
  }

  say(place, text) {
    if (place.textContent !== text) place.textContent = text;
  }

  speak(state) {
    const now = performance.now();
    const isNews = state.running !== this.wasRunning;
    if (!isNews && (now - this.spokenAt < SPEAK_EVERY || !state.running)) {
      if (state.running || state.text === this.spokenText) return;
    }
    [this.spokenAt, this.wasRunning, this.spokenText] = [now, state.running, state.text];
    this.spoken.textContent = (state.running ? TEXTS.running : TEXTS.paused)(state.text);
  }

  drawSurface(state) {
    if (!state.surface) return this.missing(this.surface, TEXTS.noSurface);
    const { context, width, height } = this.clear(this.surface);
    const side = Math.min(width - 40, height - 30);
    const box = { left: 34, right: 34 + side, top: 6, bottom: 6 + side };
    const levels = new Uint16Array(copied(state.surface));
    const count = Math.sqrt(levels.length);
    const { x, y } = this.axes(context, box, ...state.extent, { ...LOOK, room: side, name: "" });
    context.imageSmoothingEnabled = true;
    // The outer values lie on the state: half a pixel of the small picture stays outside.
    const inner = count - 1;
    context.drawImage(
      this.tinted(levels, count), 0.5, 0.5, inner, inner, box.left, box.top, side, side,
    );
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, side, side);
    context.clip();
    this.drawPoints(context, state, x, y);
    context.restore();
    this.drawBorder(context, levels, count, box);
    context.strokeStyle = this.colours.quiet;
    context.lineWidth = 1;
    context.strokeRect(box.left, box.top, side, side);
    const said = TEXTS.surfaceSaid(state.labels.byteLength, state.accuracy);
    this.surface.canvas.setAttribute("aria-label", said);
  }

  tinted(levels, count) {
    this.small ??= document.createElement("canvas");
    this.small.width = this.small.height = count;
    const context = this.small.getContext("2d");
    const pixels = context.createImageData(count, count);
    const [zero, half, one, none] = this.tints;
    levels.forEach((level, at) => {
      const row = count - 1 - Math.floor(at / count); // the first row is the lowest
      const to = 4 * (row * count + (at % count));
      const share = level / HALF - 1; // -1 to 1
      const end = share < 0 ? zero : one;
      for (let k = 0; k < 3; k++) {
        const mixed = half[k] + (end[k] - half[k]) * Math.abs(share);
        pixels.data[to + k] = level === NOT_A_NUMBER ? none[k] : mixed;
      }
      pixels.data[to + 3] = 255;
    });
    context.putImageData(pixels, 0, 0);
    return this.small;
  }

  drawPoints(context, state, x, y) {
    const points = new Float32Array(copied(state.points));
    context.strokeStyle = this.colours.paper;
    context.lineWidth = 1;
    bytes(state.labels).forEach((label, k) => {
      const [across, down] = [x(points[2 * k]), y(points[2 * k + 1])];
      context.fillStyle = label ? this.colours.one : this.colours.zero;
      context.beginPath();
      if (label) {
        context.moveTo(across, down - 4.6);
        context.lineTo(across + 4.3, down + 3.2);
        context.lineTo(across - 4.3, down + 3.2);
        context.closePath();
      } else {
        context.arc(across, down, 3.6, 0, 2 * Math.PI);
      }
      context.fill();
      context.stroke();
    });
  }

  // The line where the probability is one half: in each square between four values, it joins the
  // places on two sides where a straight line between the corners passes one half.
  drawBorder(context, levels, count, box) {
    const size = (box.right - box.left) / (count - 1);
    context.strokeStyle = this.colours.ink;
    context.lineWidth = 1.8;
    context.lineCap = "round";
    context.beginPath();
    for (let row = 0; row < count - 1; row++) {
      for (let column = 0; column < count - 1; column++) {
        const at = row * count + column;
        const corners = [at, at + 1, at + count + 1, at + count].map((k) => levels[k]);
        if (corners.includes(NOT_A_NUMBER)) continue;
        const places = [[0, 0], [1, 0], [1, 1], [0, 1]];
        const crossed = [];
        for (let k = 0; k < 4; k++) {
          const [here, there] = [corners[k] - HALF, corners[(k + 1) % 4] - HALF];
          if (here < 0 === there < 0) continue;
          const part = here / (here - there);
          const [[a, b], [c, d]] = [places[k], places[(k + 1) % 4]];
          crossed.push([column + a + (c - a) * part, row + b + (d - b) * part]);
        }
        for (let k = 0; k + 1 < crossed.length; k += 2) {
          for (const [end, [across, up]] of [crossed[k], crossed[k + 1]].entries()) {
            const [to, down] = [box.left + across * size, box.bottom - up * size];
            if (end) context.lineTo(to, down);
            else context.moveTo(to, down);
          }
        }
      }
    }
    context.stroke();
  }

  drawLoss(state) {
    if (!state.history) return this.missing(this.loss, TEXTS.noModel);
    const rows = new Float32Array(copied(state.history));
    if (!rows.length) return this.missing(this.loss, TEXTS.noStep);
    const { context, width, height } = this.clear(this.loss);
    const box = { left: 46, right: width - 12, top: 6, bottom: height - 36 };
    const steps = [...rows.filter((_, k) => k % 2 === 0)];
    const losses = [...rows.filter((_, k) => k % 2 === 1)];
    const high = Math.max(...losses.filter(Number.isFinite), 1e-6) * 1.05;
    const end = Math.max(steps.at(-1), 10);
    const look = { ...LOOK, room: box.right - box.left, name: TEXTS.steps };
    const { x, y } = this.axes(context, box, [0, end], [0, high], look);
    context.strokeStyle = this.colours.one;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.beginPath();
    let last;
    losses.forEach((loss, k) => {
      if (!Number.isFinite(loss)) return;
      last = [x(steps[k]), y(loss)];
      context.lineTo(...last);
    });
    context.stroke();
    if (last) {
      context.fillStyle = this.colours.one;
      context.beginPath();
      context.arc(...last, 3.5, 0, 2 * Math.PI);
      context.fill();
    }
    const bad = losses.findIndex((loss) => !Number.isFinite(loss));
    if (bad >= 0) this.markBad(context, box, x(steps[bad]), steps[bad]);
    this.loss.canvas.setAttribute("aria-label", TEXTS.lossSaid(state.step, state.loss));
  }

  markBad(context, box, across, step) {
    context.strokeStyle = this.colours.zero;
    context.setLineDash([5, 4]);
    line(context, [across, box.top], [across, box.bottom]);
    context.setLineDash([]);
    context.fillStyle = this.colours.ink;
    const text = TEXTS.noNumber(step);
    const isLeft = across + 6 + context.measureText(text).width > box.right + 10;
    context.textAlign = isLeft ? "right" : "left";
    context.fillText(text, across + (isLeft ? -6 : 6), box.top + 40);
  }
}

export default widgetOf(Playground);
