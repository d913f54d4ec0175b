// Draws the six panels from the traits of TrainingDashboard; see widget.py for what they hold.

const SIDE = 28;
const SHEET_COLUMNS = 40; // some browsers refuse a picture that is 28,000 pixels high
const QUANTILES = 7;
const ROW = 5 + 2 * QUANTILES; // columns of a row of the history, see history.py
const SPEAK_EVERY = 5000; // ms: a screen reader needs time for a sentence
// Wrong test digits are drawn so many times larger, as long as their number leaves the room.
const LARGER = [[4, 66], [3, 125], [2, 333]];
const WRONG_STEP = 25; // sizes change when the number of wrong ones passes a multiple of it

const PANELS = [
  ["td-batch", "this batch", "red: wrong, true→computed"],
  ["td-tested", "test digits", ""],
  ["td-loss", "loss", "cross-entropy"],
  ["td-accuracy", "accuracy", "share of right answers"],
  ["td-weights", "weights", "spread of values"],
  ["td-biases", "biases", "spread of values"],
];

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

class View {
  constructor(model, parent) {
    this.model = model;
    this.root = element(parent, "section", "training-dashboard");
    this.root.setAttribute("aria-label", "Training dashboard");
    this.freeKeys = keepKeys(this.root);
    const bar = element(this.root, "div", "td-bar");
    this.text = element(bar, "span", "td-text", "waiting for the first step");
    this.stop = element(bar, "button", "td-stop", "Stop");
    this.stop.type = "button";
    this.stop.title = "Asks the training to stop after this step";
    this.stop.addEventListener("click", () => this.askToStop());
    this.note = element(this.root, "div", "td-note");
    this.note.setAttribute("role", "alert");
    this.spoken = element(this.root, "div", "td-spoken");
    this.spoken.setAttribute("aria-live", "polite");
    const grid = element(this.root, "div", "td-grid");
    this.panels = Object.fromEntries(
      PANELS.map(([name, title, more]) => {
        const figure = element(grid, "figure", `td-panel ${name}`);
        const caption = element(figure, "figcaption", "", title);
        const small = element(caption, "small", "", more && ` ${more}`);
        const canvas = element(figure, "canvas");
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", title);
        return [name, { title, small, canvas }];
      }),
    );
    this.spokenAt = -Infinity;
    this.listen();
  }

  listen() {
    this.soon = () => {
      this.waiting ??= requestAnimationFrame(() => {
        this.waiting = undefined;
        this.safely();
      });
    };
    this.again = () => {
      this.testSheet = undefined; // the theme may have changed, and with it the ink
      this.soon();
    };
    this.model.on("change:_state", this.soon);
    this.model.on("change:stopped", this.soon);
    this.sizes = new ResizeObserver(this.soon);
    this.sizes.observe(this.root);
    this.themes = new MutationObserver(this.again);
    this.themes.observe(document.body, { attributes: true });
    this.soon();
  }

  close() {
    this.freeKeys();
    cancelAnimationFrame(this.waiting);
    this.model.off("change:_state", this.soon);
    this.model.off("change:stopped", this.soon);
    this.sizes.disconnect();
    this.themes.disconnect();
  }

  askToStop() {
    this.model.set("stopped", true);
    this.model.save_changes();
    const at = this.root.dataset.step;
    setTimeout(() => {
      if (this.model.get("_state").running && this.root.dataset.step !== at) {
        this.warning =
          "The training goes on: its loop does not look at dashboard.stopped, or this kernel " +
          "hears the button only after the cell. Interrupt the kernel instead (■ in the toolbar).";
      }
    }, 3000);
  }

  safely() {
    try {
      this.draw();
    } catch (error) {
      // JupyterLab shows an error in a widget's code to nobody.
      this.note.textContent = `The dashboard could not be drawn: ${error}`;
      console.error(error);
    }
  }

  draw() {
    const state = this.model.get("_state");
    const stopped = this.model.get("stopped");
    this.readTheme();
    this.stop.disabled = stopped || !state.running;
    this.stop.textContent = stopped && state.running ? "Stopping" : "Stop";
    if (state.step === undefined) return;
    const notes = [state.note, state.running && this.warning].filter(Boolean).join(" ");
    if (this.note.textContent !== notes) this.note.textContent = notes;
    this.text.textContent = state.text;
    this.speak(state);
    this.drawBatch(state.batch);
    this.drawTest(state.test);
    const table = new Float32Array(copied(state.history));
    const rows = table.length / ROW;
    const column = (at) => Array.from({ length: rows }, (_, k) => table[k * ROW + at]);
    const steps = column(0);
    this.drawCurves("td-loss", steps, column(1), column(2), false);
    this.drawCurves("td-accuracy", steps, column(3), column(4), true);
    const quantiles = (at) => Array.from({ length: QUANTILES }, (_, k) => column(at + k));
    this.drawBands("td-weights", steps, quantiles(5));
    this.drawBands("td-biases", steps, quantiles(5 + QUANTILES));
    this.root.dataset.step = state.step; // tests read it
    this.root.dataset.running = state.running;
  }

  speak(state) {
    const now = performance.now();
    if (now - this.spokenAt < SPEAK_EVERY && state.running) return;
    this.spokenAt = now;
    this.spoken.textContent = state.text;
  }

  readTheme() {
    const paper = getComputedStyle(this.root).backgroundColor.match(/[\d.]+/g).map(Number);
    this.root.classList.toggle("td-dark", paper[0] + paper[1] + paper[2] < 382 && paper[3] !== 0);
    const style = getComputedStyle(this.root);
    const read = (name) => style.getPropertyValue(`--td-${name}`).trim();
    this.colours = Object.fromEntries(
      ["ink", "quiet", "line", "wrong", "wrong-ink", "training", "test"].map((k) => [k, read(k)]),
    );
    this.font = style.fontFamily;
  }

  // A cleared context in CSS pixels, sharp on any screen.
  clear(name) {
    const { canvas } = this.panels[name];
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    context.font = `11px ${this.font}`;
    return { context, width, height };
  }

  say(name, text) {
    this.panels[name].canvas.setAttribute("aria-label", text);
  }

  missing(name) {
    const { context, width, height } = this.clear(name);
    context.fillStyle = this.colours.quiet;
    context.textAlign = "center";
    context.fillText("not given", width / 2, height / 2);
    this.say(name, `${this.panels[name].title}: not given`);
  }

  digit(context, sheet, index, x, y, size, label) {
    const { colours } = this;
    if (label.wrong) {
      context.fillStyle = colours.wrong;
      context.fillRect(x + 0.5, y + 0.5, size - 1, size - 1);
    }
    const letters = Math.min(12, size / 2.8); // three of them are as wide as the digit
    const room = label.text ? letters * 0.85 : 0; // below the digit, for the label
    const side = size - room;
    const [left, top] = [index % SHEET_COLUMNS, Math.floor(index / SHEET_COLUMNS)];
    context.drawImage(
      sheet, left * SIDE, top * SIDE, SIDE, SIDE, x + room / 2, y, side, side,
    );
    if (!label.text) return;
    context.font = `${label.wrong ? "bold " : ""}${letters}px ${this.font}`;
    context.fillStyle = label.wrong ? colours["wrong-ink"] : colours.quiet;
    context.textAlign = "center";
    context.fillText(label.text, x + size / 2, y + size - 2.5);
  }

  drawBatch(batch) {
    if (!batch) return this.missing("td-batch");
    const { context, width, height } = this.clear("td-batch");
    const [labels, predictions] = [bytes(batch.labels), bytes(batch.predictions)];
    const sheet = sheetOf(bytes(batch.images), this.colours.ink);
    const size = Math.min(width, height) / 10;
    let wrong = 0;
    labels.forEach((label, k) => {
      const isWrong = label !== predictions[k];
      wrong += isWrong;
      this.digit(context, sheet, k, (k % 10) * size, Math.floor(k / 10) * size, size, {
        wrong: isWrong,
        text: isWrong ? this.pair(label, predictions[k]) : `${label}`,
      });
    });
    this.say("td-batch", `${labels.length} digits of this batch, ${wrong} wrong`);
  }

  pair(label, prediction) {
    return `${label}→${prediction < 10 ? prediction : "?"}`;
  }

  drawTest(test) {
    if (!test) return this.missing("td-tested");
    const { context, width, height } = this.clear("td-tested");
    const labels = bytes(this.model.get("_test_labels"));
    const order = new Uint16Array(copied(test.order));
    const predictions = bytes(test.predictions);
    this.testSheet ??= sheetOf(bytes(this.model.get("_test_images")), this.colours.ink);
    const wrong = order.filter((k) => labels[k] !== predictions[k]).length;
    const [larger] = LARGER.find(([, most]) => wrong <= (most * order.length) / 1000) ?? [1];
    const room = Math.min(order.length, Math.ceil(wrong / WRONG_STEP) * WRONG_STEP);
    const places = order.length + room * (larger ** 2 - 1);
    let columns = Math.ceil(Math.sqrt((places * width) / height));
    const across = () => Math.floor(columns / larger);
    const rows = () =>
      larger * Math.ceil(wrong / across()) + Math.ceil((order.length - wrong) / columns);
    columns = Math.ceil(columns / larger) * larger; // no strip stays empty beside the large ones
    while (rows() * (width / columns) > height) columns += larger;
    const small = width / columns;
    const big = small * larger;
    order.forEach((k, place) => {
      const isWrong = place < wrong;
      const [at, count, size] = isWrong ? [place, across(), big] : [place - wrong, columns, small];
      const top = isWrong ? 0 : big * Math.ceil(wrong / across());
      const text = isWrong && size > 19 ? this.pair(labels[k], predictions[k]) : "";
      const [x, y] = [(at % count) * size, top + Math.floor(at / count) * size];
      this.digit(context, this.testSheet, k, x, y, size, { wrong: isWrong, text });
    });
    const share = (1 - wrong / order.length).toFixed(3);
    const first = wrong ? `${wrong} wrong first` : "none wrong";
    const said = `${order.length.toLocaleString("en")}, ${first}, accuracy ${share}`;
    this.panels["td-tested"].small.textContent = ` ${said}`;
    this.say("td-tested", `test digits: ${said}`);
  }

  // Axes with ticks; gives the functions from values to pixels.
  axes(name, steps, low, high) {
    const { context, width, height } = this.clear(name);
    const box = { left: 40, right: width - 10, top: 20, bottom: height - 30 };
    const first = steps[0];
    const last = Math.max(steps.at(-1), first + 1);
    const x = (step) => box.left + ((step - first) / (last - first)) * (box.right - box.left);
    const y = (value) => box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top);
    context.lineWidth = 1;
    context.strokeStyle = this.colours.line;
    context.fillStyle = this.colours.quiet;
    const line = (...points) => {
      context.beginPath();
      points.forEach(([across, down]) => context.lineTo(across, down));
      context.stroke();
    };
    const up = ticks(low, high, 5);
    context.textAlign = "right";
    for (const value of up.found) {
      line([box.left, y(value)], [box.right, y(value)]);
      context.fillText(shortly(value, up.digits), box.left - 5, y(value) + 4);
    }
    context.textAlign = "center";
    for (const step of ticks(first, last, Math.max(2, width / 75)).found) {
      line([x(step), box.bottom], [x(step), box.bottom + 4]);
      const half = context.measureText(shortly(step, 0)).width / 2;
      const across = Math.min(x(step), width - half);
      if (Number.isInteger(step)) context.fillText(shortly(step, 0), across, box.bottom + 15);
    }
    context.fillText("step", (box.left + box.right) / 2, height - 3);
    context.strokeStyle = this.colours.quiet;
    line([box.left, box.top], [box.left, box.bottom], [box.right, box.bottom]);
    return { context, x, y };
  }

  drawCurves(name, steps, training, test, isShare) {
    const finite = [...training, ...test].filter(Number.isFinite);
    const isGiven = [...training, ...test].some((value) => !Number.isNaN(value));
    if (!isGiven) return this.missing(name);
    const high = isShare ? 1 : Math.max(...finite, 1e-6) * 1.04;
    const { context, x, y } = this.axes(name, steps, 0, high);
    let across = 1;
    const said = [];
    for (const [label, values, dash] of [["training", training, []], ["test", test, [6, 4]]]) {
      const newest = values.filter((value) => !Number.isNaN(value)).at(-1);
      if (newest === undefined) continue;
      context.strokeStyle = this.colours[label];
      context.lineWidth = dash.length ? 2.2 : 1.5;
      context.setLineDash(dash);
      this.curve(context, steps, values, x, y);
      context.beginPath();
      context.moveTo(across, 9);
      context.lineTo(across + 22, 9);
      context.stroke();
      const text = `${label} ${Number.isFinite(newest) ? newest.toFixed(3) : "NaN"}`;
      context.textAlign = "left";
      context.fillStyle = this.colours.ink;
      context.fillText(text, across + 26, 13);
      across += 36 + context.measureText(text).width;
      said.push(text);
    }
    context.setLineDash([]);
    this.say(name, `${this.panels[name].title} over steps: ${said.join(", ")}`);
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

  drawBands(name, steps, quantiles) {
    const places = [...steps.keys()].filter((k) => !Number.isNaN(quantiles[0][k]));
    const finite = quantiles.flat().filter(Number.isFinite);
    if (!places.length || !finite.length) return this.missing(name);
    let [low, high] = [Math.min(...finite), Math.max(...finite)];
    const margin = (high - low) * 0.05 || 0.1;
    [low, high] = [low - margin, high + margin];
    const { context, x, y } = this.axes(name, steps, low, high);
    const colour = this.colours.training;
    context.fillStyle = colour;
    const good = places.filter((k) => Number.isFinite(quantiles[0][k]));
    [0.16, 0.28, 0.42].forEach((alpha, k) => {
      context.globalAlpha = alpha;
      context.beginPath();
      good.forEach((at) => context.lineTo(x(steps[at]), y(quantiles[k][at])));
      [...good].reverse().forEach((at) => {
        context.lineTo(x(steps[at]), y(quantiles[QUANTILES - 1 - k][at]));
      });
      context.fill();
    });
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    this.curve(context, steps, quantiles[3], x, y);
    this.keyOfBands(context, colour);
    const newest = (k) => quantiles[k][places.at(-1)].toFixed(3);
    const text = `newest from ${newest(0)} to ${newest(6)}, median ${newest(3)}`;
    this.say(name, `${this.panels[name].title}, spread over steps: ${text}`);
  }

  keyOfBands(context, colour) {
    let across = 1;
    context.textAlign = "left";
    // The bands lie on each other, so that their shades add up.
    for (const [text, alpha] of [["all", 0.16], ["90 %", 0.4], ["50 %", 0.65], ["median", 0]]) {
      context.globalAlpha = alpha || 1;
      context.fillStyle = colour;
      context.fillRect(across, alpha ? 4 : 8, 13, alpha ? 10 : 1.5);
      context.globalAlpha = 1;
      context.fillStyle = this.colours.ink;
      context.fillText(text, across + 16, 13);
      across += 23 + context.measureText(text).width;
    }
  }
}

function render({ model, el }) {
  const view = new View(model, el);
  return () => view.close();
}

export default { render };
