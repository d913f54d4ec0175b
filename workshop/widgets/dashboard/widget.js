// Draws the six panels from the traits of TrainingDashboard; see widget.py for what they hold.

import {
  bytes, button, CanvasView, copied, element, line, panel, spokenLine, widgetOf,
} from "../page.js";

// What learners read here; the rest comes from Python.
const TEXTS = {
  dashboard: "Training dashboard",
  waiting: "waiting for the first step",
  stop: "Stop",
  stopping: "Stopping",
  stopHelp: "Asks the training to stop after this step",
  deaf: "To stop: interrupt the kernel (■ in the toolbar)",
  logarithmic: "log steps",
  logarithmicHelp: "Steps on a logarithmic scale, on which the first ones have room",
  goesOn:
    "The training goes on: its loop does not look at dashboard.stopped, or this kernel hears the " +
    "button only after the cell. Interrupt the kernel instead (■ in the toolbar).",
  failed: (error) => `The dashboard could not be drawn: ${error}`,
  batch: { title: "this batch", more: "red: wrong, true→said" },
  validated: { title: "validation digits", more: "" },
  loss: { title: "loss", more: "" },
  accuracy: { title: "accuracy", more: "share of right" },
  weights: { title: "weights", more: "spread of values" },
  biases: { title: "biases", more: "spread of values" },
  notGiven: "not given",
  titleNotGiven: (title) => `${title}: not given`,
  batchSaid: (count, wrong) => `${count} digits of this batch, ${wrong} wrong`,
  validationMore(count, wrong, accuracy) {
    if (!wrong) return `${count}, none wrong, accuracy ${accuracy}`;
    return `${count}, ${wrong} wrong first, accuracy ${accuracy}`;
  },
  validationSaid(count, wrong, accuracy) {
    if (!wrong) return `validation digits: ${count}, none wrong, accuracy ${accuracy}`;
    return `validation digits: ${count}, ${wrong} wrong first, accuracy ${accuracy}`;
  },
  step: "step",
  training: (value) => `training ${value}`,
  validation: (value) => `validation ${value}`,
  curvesSaid(title, { training, validation }) {
    if (validation === undefined) return `${title} over steps: training ${training}`;
    if (training === undefined) return `${title} over steps: validation ${validation}`;
    return `${title} over steps: training ${training}, validation ${validation}`;
  },
  bands: { all: "all", most: "90 %", half: "50 %", median: "median" },
  bandsSaid: (title, low, high, median) =>
    `${title}, spread over steps: newest from ${low} to ${high}, median ${median}`,
};

const SIDE = 28;
const SHEET_COLUMNS = 40; // some browsers refuse a picture that is 28,000 pixels high
const QUANTILES = 7;
const ROW = 5 + 2 * QUANTILES; // columns of a row of the history, see history.py
const SPEAK_EVERY = 5000; // ms: a screen reader needs time for a sentence
// Wrong validation digits are drawn so many times larger, as long as their number leaves the room.
const LARGER = [[4, 66], [3, 125], [2, 333]];
const WRONG_STEP = 25; // sizes change when the number of wrong ones passes a multiple of it

const PANELS = ["batch", "validated", "loss", "accuracy", "weights", "biases"];
const LOOK = { over: 0, gap: 5, below: 15, nameBelow: 29, isWhole: true, name: TEXTS.step };
const LABELLED = 28; // pixels of a digit, from which on the letters below it can be read
const LETTERS = 12;
const SMALLEST = 8; // pixels of a digit; right ones that have no room then are left out
const KEY_LINE = 16; // pixels; the key of a panel takes one line or two
const MOST_OF_SCREEN = 0.8; // what is higher than that is shown from its top on
const CALM = 1000; // ms between pictures for who asks for less motion
const COLOURS = ["ink", "quiet", "line", "wrong", "wrong-ink", "training", "validation"];

// All digits in one picture, transparent where there is no ink, so that they go on any paper.
function sheetOf(images, ink) {
  const sheet = document.createElement("canvas");
  sheet.width = SIDE * SHEET_COLUMNS;
  sheet.height = SIDE * Math.max(1, Math.ceil(images.length / SIDE / SIDE / SHEET_COLUMNS));
  const context = sheet.getContext("2d", { willReadFrequently: true });
  context.fillStyle = ink;
  context.fillRect(0, 0, 1, 1);
  const paint = new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0] & 0xffffff;
  const pixels = context.createImageData(sheet.width, sheet.height);
  const painted = new Uint32Array(pixels.data.buffer); // alpha is the highest byte
  for (let at = 0; at < images.length; at++) {
    const digit = Math.floor(at / SIDE / SIDE);
    const row = Math.floor(digit / SHEET_COLUMNS) * SIDE + (Math.floor(at / SIDE) % SIDE);
    const column = (digit % SHEET_COLUMNS) * SIDE + (at % SIDE);
    painted[row * sheet.width + column] = paint | (images[at] << 24);
  }
  context.putImageData(pixels, 0, 0);
  return sheet;
}

class Dashboard extends CanvasView {
  constructor(model, parent) {
    super(model, parent, "training-dashboard", TEXTS.dashboard);
    this.keepKeys();
    const bar = element(this.root, "div", "td-bar");
    this.text = element(bar, "span", "td-text", TEXTS.waiting);
    this.stop = button(bar, "td-stop", TEXTS.stop, () => this.askToStop());
    this.stop.classList.add("workshop-needs-kernel");
    this.stop.title = TEXTS.stopHelp;
    this.keepPresses();
    this.deaf = element(bar, "small", "workshop-needs-kernel", TEXTS.deaf);
    this.isLog = true;
    this.scale = button(bar, "td-scale", TEXTS.logarithmic, () => {
      this.isLog = !this.isLog;
      this.soon();
    });
    this.scale.title = TEXTS.logarithmicHelp;
    this.note = element(this.root, "div", "td-note");
    this.note.setAttribute("role", "alert");
    this.spoken = spokenLine(this.root);
    const grid = element(this.root, "div", "td-grid");
    for (const name of PANELS) this[name] = this.makePanel(grid, name);
    this.spokenAt = this.drawnAt = -Infinity;
    this.hear("_state", () => this.next());
    this.hear("stopped", () => this.soon());
  }

  makePanel(parent, name) {
    const { title, more } = TEXTS[name];
    const made = panel(parent, `td-panel td-${name}`, title);
    return { ...made, small: element(made.caption, "small", "", more && ` ${more}`) };
  }

  onTheme() {
    this.valSheet = undefined; // its ink may have changed
    super.onTheme();
  }

  // Who asks for less motion gets a picture a second, and the last one.
  next() {
    const state = this.model.get("_state");
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const now = performance.now();
    if (isCalm && state.running && now - this.drawnAt < CALM) return;
    this.drawnAt = now;
    this.soon();
  }

  // Once a training, brings the panels into view: their cell is often longer than the screen.
  comeIntoView(state) {
    const isNew = state.running && !this.isRunning;
    this.isRunning = state.running;
    const fits = this.root.clientHeight < window.innerHeight * MOST_OF_SCREEN;
    if (isNew) this.root.scrollIntoView({ block: fits ? "nearest" : "start" });
  }

  // JupyterLab selects the cell of a press and scrolls to its top, away from the picture. The window
  // hears a press before JupyterLab does.
  keepPresses() {
    const onPress = (event) => {
      if (event.target !== this.stop) return;
      event.stopPropagation();
      event.preventDefault();
    };
    window.addEventListener("mousedown", onPress, true);
    this.ends.push(() => window.removeEventListener("mousedown", onPress, true));
  }

  askToStop() {
    this.model.set("stopped", true);
    this.model.save_changes();
    const at = this.root.dataset.step;
    setTimeout(() => {
      if (this.model.get("_state").running && this.root.dataset.step !== at) {
        this.warning = TEXTS.goesOn;
      }
    }, 3000);
  }

  trouble(error) {
    this.note.textContent = TEXTS.failed(error);
  }

  draw() {
    const state = this.model.get("_state");
    const stopped = this.model.get("stopped");
    this.readColours(COLOURS);
    this.stop.disabled = stopped || !state.running;
    this.stop.textContent = stopped && state.running ? TEXTS.stopping : TEXTS.stop;
    this.stop.hidden = !this.model.get("_hears");
    this.deaf.hidden = !this.stop.hidden || !state.running;
    this.scale.setAttribute("aria-pressed", this.isLog);
    if (state.step === undefined) return;
    this.comeIntoView(state);
    const notes = [state.note, state.running && this.warning].filter(Boolean).join(" ");
    if (this.note.textContent !== notes) this.note.textContent = notes;
    this.text.textContent = state.text;
    this.speak(state);
    this.drawBatch(state.batch);
    this.drawValidation(state.validation);
    const table = new Float32Array(copied(state.history));
    const rows = table.length / ROW;
    const column = (at) => Array.from({ length: rows }, (_, k) => table[k * ROW + at]);
    const steps = column(0);
    this.drawCurves(this.loss, steps, column(1), column(2), false);
    this.drawCurves(this.accuracy, steps, column(3), column(4), true);
    const quantiles = (at) => Array.from({ length: QUANTILES }, (_, k) => column(at + k));
    this.drawBands(this.weights, steps, quantiles(5));
    this.drawBands(this.biases, steps, quantiles(5 + QUANTILES));
    this.root.dataset.step = state.step; // tests read it
    this.root.dataset.running = state.running;
  }

  speak(state) {
    const now = performance.now();
    if (now - this.spokenAt < SPEAK_EVERY && state.running) return;
    this.spokenAt = now;
    this.spoken.textContent = state.text;
  }

  say({ canvas }, text) {
    canvas.setAttribute("aria-label", text);
  }

  notGiven(shown) {
    this.missing(shown, TEXTS.notGiven, TEXTS.titleNotGiven(shown.title));
  }

  digit(context, sheet, index, x, y, size, label) {
    const { colours } = this;
    if (label.wrong) {
      context.fillStyle = colours.wrong;
      context.fillRect(x + 0.5, y + 0.5, size - 1, size - 1);
    }
    const room = label.text ? LETTERS - 1 : 0; // below the digit, for the label
    const side = size - room;
    const [left, top] = [index % SHEET_COLUMNS, Math.floor(index / SHEET_COLUMNS)];
    context.drawImage(
      sheet, left * SIDE, top * SIDE, SIDE, SIDE, x + room / 2, y, side, side,
    );
    if (!label.text) return;
    context.font = `${LETTERS}px ${this.font}`;
    context.fillStyle = colours["wrong-ink"];
    context.textAlign = "center";
    context.fillText(label.text, x + size / 2, y + size - 2);
  }

  drawBatch(batch) {
    if (!batch) return this.notGiven(this.batch);
    const { context, width, height } = this.clear(this.batch);
    const [labels, predictions] = [bytes(batch.labels), bytes(batch.predictions)];
    const sheet = sheetOf(bytes(batch.images), this.colours.ink);
    const count = Math.min(10, Math.max(1, Math.floor(width / LABELLED)));
    const size = Math.min(width, height) / count;
    let wrong = 0;
    labels.forEach((label, k) => {
      const isWrong = label !== predictions[k];
      wrong += isWrong;
      if (k >= count * count) return;
      this.digit(context, sheet, k, (k % count) * size, Math.floor(k / count) * size, size, {
        wrong: isWrong,
        text: isWrong ? this.pair(label, predictions[k]) : "",
      });
    });
    this.say(this.batch, TEXTS.batchSaid(labels.length, wrong));
  }

  pair(label, prediction) {
    return `${label}→${prediction < 10 ? prediction : "?"}`;
  }

  drawValidation(given) {
    if (!given) return this.notGiven(this.validated);
    const { context, width, height } = this.clear(this.validated);
    const labels = bytes(this.model.get("_val_labels"));
    const order = new Uint16Array(copied(given.order));
    const predictions = bytes(given.predictions);
    this.valSheet ??= sheetOf(bytes(this.model.get("_val_images")), this.colours.ink);
    const wrong = order.filter((k) => labels[k] !== predictions[k]).length;
    const [larger] = LARGER.find(([, most]) => wrong <= (most * order.length) / 1000) ?? [1];
    const room = Math.min(order.length, Math.ceil(wrong / WRONG_STEP) * WRONG_STEP);
    const places = order.length + room * (larger ** 2 - 1);
    let columns = Math.min(Math.ceil(Math.sqrt((places * width) / height)), width / SMALLEST);
    const across = () => Math.floor(columns / larger);
    const rows = () =>
      larger * Math.ceil(wrong / across()) + Math.ceil((order.length - wrong) / columns);
    columns = Math.ceil(columns / larger) * larger; // no strip stays empty beside the large ones
    const most = Math.max(larger, Math.floor(width / SMALLEST));
    while (rows() * (width / columns) > height && columns + larger <= most) columns += larger;
    const small = width / columns;
    const big = small * larger;
    order.forEach((k, place) => {
      const isWrong = place < wrong;
      const [at, count, size] = isWrong ? [place, across(), big] : [place - wrong, columns, small];
      const top = isWrong ? 0 : big * Math.ceil(wrong / across());
      const text = isWrong && size >= LABELLED ? this.pair(labels[k], predictions[k]) : "";
      const [x, y] = [(at % count) * size, top + Math.floor(at / count) * size];
      if (y + size > height + 1) return;
      this.digit(context, this.valSheet, k, x, y, size, { wrong: isWrong, text });
    });
    const accuracy = (1 - wrong / order.length).toFixed(3);
    const said = [order.length.toLocaleString("en"), wrong, accuracy];
    this.validated.small.textContent = ` ${TEXTS.validationMore(...said)}`;
    this.say(this.validated, TEXTS.validationSaid(...said));
  }

  // Axes below the key, a list of [text, draw]: in one line where there is room, else in two.
  framed(shown, steps, low, high, key) {
    const { context, width, height } = this.clear(shown);
    const lines = this.drawKey(context, width, key);
    const box = { left: 44, right: width - 10, top: 6 + lines * KEY_LINE, bottom: height - 34 };
    const last = Math.max(steps.at(-1), steps[0] + 1);
    const ends = this.isLog ? [1, Math.max(last, 10)] : [steps[0], last];
    const look = { ...LOOK, room: width, isLog: this.isLog };
    const { x, y } = this.axes(context, box, ends, [low, high], look);
    context.strokeStyle = this.colours.quiet;
    line(context, [box.left, box.top], [box.left, box.bottom], [box.right, box.bottom]);
    return { context, x, y };
  }

  drawKey(context, width, key) {
    const room = key.map(([text]) => 26 + context.measureText(text).width);
    const half = room.reduce((sum, part) => sum + part + 8, -8) > width ? Math.ceil(key.length / 2) : key.length;
    let across = 0;
    key.forEach(([text, draw], k) => {
      const down = k < half ? 0 : KEY_LINE;
      if (k === half) across = 0;
      draw(across, 9 + down);
      context.globalAlpha = 1;
      context.textAlign = "left";
      context.fillStyle = this.colours.ink;
      context.fillText(text, across + 24, 13 + down);
      across += room[k] + 8;
    });
    return key.length > half ? 2 : 1;
  }

  drawCurves(shown, steps, training, validation, isShare) {
    const finite = [...training, ...validation].filter(Number.isFinite);
    const isGiven = [...training, ...validation].some((value) => !Number.isNaN(value));
    if (!isGiven) return this.notGiven(shown);
    const high = isShare ? 1 : Math.max(...finite, 1e-6) * 1.04;
    const newest = {};
    const curves = [["training", training, 1.5, []], ["validation", validation, 2.2, [6, 4]]];
    const given = curves.filter(([name, values]) => {
      const last = values.filter((value) => !Number.isNaN(value)).at(-1);
      if (last !== undefined) newest[name] = Number.isFinite(last) ? last.toFixed(3) : "NaN";
      return last !== undefined;
    });
    const context = shown.canvas.getContext("2d");
    const pen = (name, width, dash) => {
      context.strokeStyle = this.colours[name];
      context.lineWidth = width;
      context.setLineDash(dash);
    };
    const key = given.map(([name, , width, dash]) => [
      TEXTS[name](newest[name]),
      (across, down) => {
        pen(name, width, dash);
        line(context, [across, down], [across + 20, down]);
        context.setLineDash([]);
      },
    ]);
    const { x, y } = this.framed(shown, steps, 0, high, key);
    for (const [name, values, width, dash] of given) {
      pen(name, width, dash);
      this.curve(context, steps, values, x, y);
    }
    context.setLineDash([]);
    this.say(shown, TEXTS.curvesSaid(shown.title, newest));
  }

  // NaN was not given: passed over. Infinity is not a number: a gap.
  curve(context, steps, values, x, y) {
    let isDown = false;
    context.lineCap = "round";
    context.beginPath();
    values.forEach((value, k) => {
      if (Number.isNaN(value)) return;
      if (Number.isFinite(value)) {
        if (!isDown) context.moveTo(x(steps[k]), y(value));
        context.lineTo(x(steps[k]) + (isDown ? 0 : 2), y(value)); // 2: a lone point can be seen
      }
      isDown = Number.isFinite(value);
    });
    context.stroke();
    context.lineCap = "butt";
  }

  drawBands(shown, steps, quantiles) {
    const places = [...steps.keys()].filter((k) => !Number.isNaN(quantiles[0][k]));
    const finite = quantiles.flat().filter(Number.isFinite);
    if (!places.length || !finite.length) return this.notGiven(shown);
    let [low, high] = [Math.min(...finite), Math.max(...finite)];
    const margin = (high - low) * 0.05 || 0.1;
    [low, high] = [low - margin, high + margin];
    const colour = this.colours.training;
    const key = this.keyOfBands(shown.canvas.getContext("2d"), colour);
    const { context, x, y } = this.framed(shown, steps, low, high, key);
    context.fillStyle = colour;
    const good = places.filter((k) => Number.isFinite(quantiles[0][k]));
    [0.16, 0.28, 0.42].forEach((alpha, k) => {
      context.globalAlpha = alpha;
      context.beginPath();
      for (const at of good) context.lineTo(x(steps[at]), y(quantiles[k][at]));
      for (const at of [...good].reverse()) {
        context.lineTo(x(steps[at]), y(quantiles[QUANTILES - 1 - k][at]));
      }
      context.fill();
    });
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    this.curve(context, steps, quantiles[3], x, y);
    const newest = (k) => quantiles[k][places.at(-1)].toFixed(3);
    this.say(shown, TEXTS.bandsSaid(shown.title, newest(0), newest(6), newest(3)));
  }

  // The bands lie on each other, so that their shades add up.
  keyOfBands(context, colour) {
    const { all, most, half, median } = TEXTS.bands;
    return [[all, 0.16], [most, 0.4], [half, 0.65], [median, 0]].map(([text, alpha]) => [
      text,
      (across, down) => {
        context.globalAlpha = alpha || 1;
        context.fillStyle = colour;
        context.fillRect(across, alpha ? down - 5 : down - 1, 18, alpha ? 10 : 2);
      },
    ]);
  }
}

export default widgetOf(Dashboard);
