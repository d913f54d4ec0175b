// Draws the playground from the traits of Playground and sends what is pressed and chosen; see
// state.py for what the traits hold.

const NOT_A_NUMBER = 65535;
const HALF = (NOT_A_NUMBER - 1) / 2; // the level that stands for the probability one half
const MOST_LAYERS = 6;
const FIRST_UNITS = 16; // of a layer that is added
const SPEAK_EVERY = 5000; // ms: a screen reader needs time for a sentence
const ANSWER = 1500; // ms: after so long without an answer, the kernel is busy

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

class View {
  constructor(model, parent) {
    this.model = model;
    this.root = element(parent, "section", "workshop-playground");
    this.root.setAttribute("aria-label", "Playground: a classifier of two clouds of points");
    // Keys belong to the controls here, not to the notebook: arrows, Enter, letters.
    this.root.dataset.lmSuppressShortcuts = "true";
    this.freeKeys = keepKeys(this.root);
    this.makeSettings();
    this.makeBar();
    this.problem = element(this.root, "div", "pg-problem");
    this.problem.setAttribute("role", "alert");
    this.note = element(this.root, "div", "pg-note");
    this.spoken = element(this.root, "div", "pg-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    const panels = element(this.root, "div", "pg-panels");
    this.surface = this.makePanel(panels, "pg-surface", "decision surface");
    this.makeKey(this.surface.caption);
    this.loss = this.makePanel(panels, "pg-loss", "loss of all points");
    this.sent = 0;
    this.spokenAt = -Infinity;
    this.listen();
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
    this.cloud = this.select(parent, "Cloud", named(options.clouds), () =>
      this.choose({ cloud: this.cloud.value }),
    );
    const counts = [...Array(MOST_LAYERS + 1).keys()];
    this.layers = this.select(parent, "Hidden layers", named(counts, { 0: "none" }), () =>
      this.resize(+this.layers.value),
    );
    this.units = element(parent, "div", "pg-units");
    this.units.setAttribute("role", "group");
    this.units.setAttribute("aria-label", "Units of each hidden layer");
    const names = { linear: "none (linear)" };
    this.activation = this.select(parent, "Activation", named(options.activations, names), () =>
      this.choose({ activation: this.activation.value }),
    );
    this.rate = this.select(parent, "Learning rate", named(options.learning_rates), () =>
      this.choose({ learning_rate: +this.rate.value }),
    );
  }

  button(parent, className, text, onClick) {
    const made = element(parent, "button", className, text);
    made.type = "button";
    made.addEventListener("click", onClick);
    return made;
  }

  makeBar() {
    const bar = element(this.root, "div", "pg-bar");
    this.run = this.button(bar, "pg-run", "Run", () =>
      this.send({ do: this.model.get("_state").running ? "pause" : "run" }),
    );
    this.button(bar, "pg-step", "Step", () => this.send({ do: "step" }));
    this.button(bar, "pg-reset", "Reset", () => this.send({ do: "reset" }));
    const numbers = element(bar, "div", "pg-numbers");
    this.numbers = Object.fromEntries(
      ["step", "loss", "accuracy"].map((name) => {
        const pair = element(numbers, "div", "", `${name} `);
        return [name, element(pair, "b")];
      }),
    );
  }

  makePanel(parent, className, title) {
    const figure = element(parent, "figure", className);
    const caption = element(figure, "figcaption", "", title);
    const canvas = element(figure, "canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", title);
    return { caption, canvas };
  }

  makeKey(caption) {
    const key = element(caption, "small");
    for (const [className, text] of [["pg-zero", "● 0"], ["pg-one", "▲ 1"]]) {
      element(key, "span", className, text);
    }
    element(key, "span", "", "line: one half");
  }

  listen() {
    this.soon = () => {
      this.waiting ??= requestAnimationFrame(() => {
        this.waiting = undefined;
        this.safely();
      });
    };
    this.model.on("change:_state", this.soon);
    this.sizes = new ResizeObserver(this.soon);
    this.sizes.observe(this.root);
    this.themes = new MutationObserver(this.soon);
    this.themes.observe(document.body, { attributes: true });
    this.soon();
  }

  close() {
    this.freeKeys();
    cancelAnimationFrame(this.waiting);
    clearTimeout(this.answer);
    clearTimeout(this.typing);
    this.model.off("change:_state", this.soon);
    this.sizes.disconnect();
    this.themes.disconnect();
  }

  send(message) {
    this.sent = Date.now();
    this.model.send({ ...message, number: this.sent });
    clearTimeout(this.answer);
    this.answer = setTimeout(this.soon, ANSWER);
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
      this.labelled(this.units, `Units ${place}`, field);
      field.addEventListener("change", () => {
        // One message for a held arrow key.
        clearTimeout(this.typing);
        this.typing = setTimeout(() => this.chooseUnits(), 250);
      });
    }
    this.fields().forEach((field, place) => (field.value = units[place]));
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

  safely() {
    try {
      this.draw();
    } catch (error) {
      // JupyterLab shows an error in a widget's code to nobody.
      this.problem.textContent = `The playground could not be drawn: ${error}`;
      console.error(error);
    }
  }

  draw() {
    const state = this.model.get("_state");
    if (state.step === undefined) return;
    const isHeard = state.heard >= this.sent;
    this.readTheme();
    this.showChoice(state.choice, isHeard);
    this.run.textContent = state.running ? "Pause" : "Run";
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
      return "The kernel is busy, with a cell or a first step: it hears this when that is done.";
    }
    if (state.running && state.step === 0) {
      return "The first step of a model takes a moment: TensorFlow traces it into a graph.";
    }
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
    this.spoken.textContent = `${state.running ? "running" : "paused"}: ${state.text}`;
  }

  readTheme() {
    const paper = getComputedStyle(this.root).backgroundColor.match(/[\d.]+/g).map(Number);
    this.root.classList.toggle("pg-dark", paper[0] + paper[1] + paper[2] < 382 && paper[3] !== 0);
    const style = getComputedStyle(this.root);
    const names = ["ink", "quiet", "line", "paper", "zero", "one"];
    const tints = ["tint-zero", "tint-half", "tint-one", "tint-none"];
    this.colours = Object.fromEntries(
      [...names, ...tints].map((k) => [k, style.getPropertyValue(`--pg-${k}`).trim()]),
    );
    this.tints = tints.map((k) => rgb(this.colours[k]));
    this.font = style.fontFamily;
  }

  // A cleared context in CSS pixels, sharp on any screen.
  clear({ canvas }) {
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.font = `11px ${this.font}`;
    return { context, width, height };
  }

  missing(panel, text) {
    const { context, width, height } = this.clear(panel);
    context.fillStyle = this.colours.quiet;
    context.textAlign = "center";
    context.fillText(text, width / 2, height / 2);
    panel.canvas.setAttribute("aria-label", text);
  }

  // Ticks and their numbers; gives the functions from values to pixels.
  axes(context, box, [left, right], [bottom, top], name) {
    const x = (value) => box.left + ((value - left) / (right - left)) * (box.right - box.left);
    const y = (value) => box.bottom - ((value - bottom) / (top - bottom)) * (box.bottom - box.top);
    context.lineWidth = 1;
    context.strokeStyle = this.colours.line;
    context.fillStyle = this.colours.quiet;
    const line = (...points) => {
      context.beginPath();
      points.forEach(([across, down]) => context.lineTo(across, down));
      context.stroke();
    };
    const up = ticks(bottom, top, 5);
    context.textAlign = "right";
    for (const value of up.found) {
      line([box.left - 4, y(value)], [box.right, y(value)]);
      context.fillText(shortly(value, up.digits), box.left - 7, y(value) + 4);
    }
    const across = ticks(left, right, Math.max(2, (box.right - box.left) / 75));
    context.textAlign = "center";
    for (const value of across.found) {
      line([x(value), box.bottom], [x(value), box.bottom + 4]);
      const text = shortly(value, across.digits);
      const half = context.measureText(text).width / 2;
      context.fillText(text, Math.min(x(value), box.right + 10 - half), box.bottom + 16);
    }
    if (name) context.fillText(name, (box.left + box.right) / 2, box.bottom + 30);
    return { x, y };
  }

  drawSurface(state) {
    if (!state.surface) return this.missing(this.surface, "no model to draw");
    const { context, width, height } = this.clear(this.surface);
    const side = Math.min(width - 40, height - 30);
    const box = { left: 34, right: 34 + side, top: 6, bottom: 6 + side };
    const levels = new Uint16Array(copied(state.surface));
    const count = Math.sqrt(levels.length);
    const { x, y } = this.axes(context, box, ...state.extent, "");
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
    this.surface.canvas.setAttribute(
      "aria-label",
      `decision surface with ${state.labels.byteLength} points, accuracy ${state.accuracy}`,
    );
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
    if (!state.history) return this.missing(this.loss, "no model");
    const rows = new Float32Array(copied(state.history));
    if (!rows.length) return this.missing(this.loss, "no step yet: press Run");
    const { context, width, height } = this.clear(this.loss);
    const box = { left: 46, right: width - 12, top: 6, bottom: height - 36 };
    const steps = [...rows.filter((_, k) => k % 2 === 0)];
    const losses = [...rows.filter((_, k) => k % 2 === 1)];
    const high = Math.max(...losses.filter(Number.isFinite), 1e-6) * 1.05;
    const end = Math.max(steps.at(-1), 10);
    const { x, y } = this.axes(context, box, [0, end], [0, high], "step");
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
    const said = `loss over ${state.step} steps, newest ${state.loss}`;
    this.loss.canvas.setAttribute("aria-label", said);
  }

  markBad(context, box, across, step) {
    context.strokeStyle = this.colours.zero;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(across, box.top);
    context.lineTo(across, box.bottom);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = this.colours.ink;
    const text = `no number at step ${step}`;
    const isLeft = across + 6 + context.measureText(text).width > box.right + 10;
    context.textAlign = isLeft ? "right" : "left";
    context.fillText(text, across + (isLeft ? -6 : 6), box.top + 40);
  }
}

function render({ model, el }) {
  const view = new View(model, el);
  return () => view.close();
}

export default { render };
