// Draws the pad: ink goes to the kernel while it is drawn, bars come back; see widget.py.

import { bytes, button, element, spokenLine, View, widgetOf } from "../page.js";

// What learners read here; the rest comes from Python.
const TEXTS = {
  pad: "Digit pad",
  keys: "Arrow keys move the pen (Shift: finer), Space puts it down and lifts it, Delete clears.",
  paper: (keys) => `Paper to draw a digit on. ${keys}`,
  hint: "Draw a digit here",
  clear: "Clear",
  load: "Load a photograph",
  seen: "what the model gets: 28 × 28 pixels",
  bars: "Probability of each digit",
  bar: (digit, chance) => `${digit}: ${chance}`,
  noBar: (digit) => `${digit}: not read`,
  penDown: "pen down",
  penUp: "pen up",
  busy: "The kernel is busy: the bars follow when it has time.",
  looking: "Looking for a digit in the photograph …",
  unreadable: (name, megabytes) =>
    `Expected a picture (PNG, JPEG, WebP, GIF or BMP), got ${name} of ${megabytes} MB, which the ` +
    "browser cannot read. Choose another file, or a smaller one.",
  digit: "the digit as the model gets it",
  noDigit: "nothing yet",
  reads: (first, second, third) => `The model reads ${first}, ${second}, ${third}.`,
  unsure: (first, second) => `not sure: ${first} or ${second}`,
  doubts: (first, second, third) => `The model is not sure: ${first}, ${second}, ${third}.`,
  hardly: "less than 0.001",
  chance: (digit, chance) => `${digit} with ${chance}`,
};

const PAD = 280; // pixels of the ink that the kernel gets
const SHARP = 2; // drawn so many times finer, for sharp screens
const SIDE = 28;
const SURE = 0.8; // from this probability on the answer is given without a doubt; see predict.py
const HARDLY = 0.0005; // below it a bar would say 0.000
const PEN = 24; // as wide as a pen of MNIST's writers on a digit that fills the pad
const SEND_EVERY = 120; // ms, while a stroke goes on
const BUSY_AFTER = 700; // ms without an answer
const SPEAK_AFTER = 700; // ms of rest, so that a screen reader is not interrupted by each stroke
// Servers hold a small packet back until the one before it is acknowledged, which a browser does
// after 40 ms, or with the next thing it sends: so it sends a few words of nothing.
const NUDGE_EVERY = 12; // ms
const NUDGES = 2;
const REST = 800; // ms after a stroke, before the kernel renews the picture in the notebook
const STEP = 8; // pixels for an arrow key; with Shift
const SMALL_STEP = 2;
const LARGE_FILE = 3e6; // bytes: a larger message can break the connection to the kernel
const PALM = 1000; // ms after a pen was seen, in which a touch is the hand that holds it
const REDUCED = 1600; // pixels of the longer side of such a picture
const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

// Pairs (how often, value): a tenth of the pixels, for slow networks.
function packed(ink) {
  const pairs = [];
  let count = 0;
  for (let at = 0; at < ink.length; at++) {
    count++;
    if (count === 255 || ink[at] !== ink[at + 1]) {
      pairs.push(count, ink[at]);
      count = 0;
    }
  }
  return new Uint8Array(pairs);
}

function unpacked(pairs) {
  const ink = new Uint8Array(PAD * PAD);
  let at = 0;
  for (let k = 0; k < pairs.length; k += 2) {
    ink.fill(pairs[k + 1], at, at + pairs[k]);
    at += pairs[k];
  }
  return ink;
}

// Black ink, transparent paper: the style sheet inverts it on dark paper.
function pixelsOf(context, ink, side) {
  const pixels = context.createImageData(side, side);
  ink.forEach((value, at) => {
    pixels.data[4 * at + 3] = value;
  });
  return pixels;
}

// What scrolls around an element: in JupyterLab a part of the page.
function scrollerOf(node) {
  for (let above = node.parentElement; above; above = above.parentElement) {
    const isScrolled = /auto|scroll/.test(getComputedStyle(above).overflowY);
    if (isScrolled && above.scrollHeight > above.clientHeight) return above;
  }
  return document.scrollingElement;
}

async function reduced(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const factor = Math.min(1, REDUCED / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * factor));
  canvas.height = Math.max(1, Math.round(bitmap.height * factor));
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // paper, where the picture is transparent
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

class Pad extends View {
  constructor(model, parent) {
    super(model, parent, "digit-pad", TEXTS.pad);
    this.id = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.cursor = { x: PAD / 2, y: PAD / 2 };
    this.held = new Set(); // arrow keys
    this.fingers = new Map(); // heights of those on the paper, by pointer
    this.penSeenAt = -Infinity;
    this.build();
    // A picture of the pad has no kernel to send to, and takes no ink.
    if (!model.isStill) this.listen();
    else this.root.classList.add("dp-picture");
    this.hearDrawing();
    this.hearFrame();
  }

  // What there is --------------------------------------------------------------------------------

  build() {
    const body = element(this.root, "div", "dp-body");
    const left = element(body, "div", "dp-left");
    const paper = element(left, "div", "dp-paper");
    this.canvas = element(paper, "canvas", "dp-ink");
    this.canvas.width = this.canvas.height = PAD * SHARP;
    this.canvas.tabIndex = 0;
    // "application": a screen reader must leave the arrow keys to the pad.
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", TEXTS.paper(TEXTS.keys));
    this.hint = element(paper, "div", "dp-hint", TEXTS.hint);
    this.hint.setAttribute("aria-hidden", "true");
    this.pointer = element(paper, "div", "dp-cursor");
    const context = this.canvas.getContext("2d");
    context.scale(SHARP, SHARP);
    context.lineWidth = PEN;
    context.lineCap = context.lineJoin = "round";
    this.context = context;
    const buttons = element(left, "div", "dp-buttons");
    button(buttons, "dp-clear workshop-needs-kernel", TEXTS.clear, () => this.wipe());
    button(buttons, "dp-load workshop-needs-kernel", TEXTS.load, () => this.file.click());
    this.file = element(buttons, "input", "dp-file");
    Object.assign(this.file, { type: "file", accept: "image/*", tabIndex: -1 });
    this.file.setAttribute("aria-hidden", "true");
    element(left, "p", "dp-keys workshop-needs-kernel", TEXTS.keys);
    this.buildAnswer(body);
    this.note = element(this.root, "div", "dp-note");
    this.note.setAttribute("role", "alert");
    this.spoken = spokenLine(this.root);
  }

  buildAnswer(parent) {
    const seen = element(parent, "figure", "dp-seen");
    const small = element(seen, "canvas");
    small.width = small.height = SIDE;
    small.setAttribute("role", "img");
    this.seen = small.getContext("2d");
    element(seen, "figcaption", "", TEXTS.seen);
    this.answer = element(seen, "div", "dp-answer");
    this.doubt = element(seen, "div", "dp-doubt");
    const list = element(parent, "div", "dp-bars");
    list.setAttribute("role", "list");
    list.setAttribute("aria-label", TEXTS.bars);
    this.rows = Array.from({ length: 10 }, (_, digit) => {
      const row = element(list, "div", "dp-row");
      row.setAttribute("role", "listitem");
      element(row, "b", "", `${digit}`);
      const bar = element(element(row, "span", "dp-track"), "span", "dp-bar");
      return { row, bar, number: element(row, "span", "dp-number") };
    });
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.pointerDown(event));
    canvas.addEventListener("pointermove", (event) => this.pointerMove(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(name, (event) => this.pointerUp(event));
    }
    // Safari's magnifier, its zoom by two taps and Scribble listen to these, not to pointers.
    for (const name of ["touchstart", "touchmove"]) {
      canvas.addEventListener(name, (event) => event.preventDefault(), { passive: false });
    }
    canvas.addEventListener("contextmenu", (event) => {
      if (this.fingers.size || this.drawing !== undefined) event.preventDefault(); // a long press
    });
    canvas.addEventListener("keyup", (event) => this.held.delete(event.key));
    canvas.addEventListener("blur", () => this.leave());
    this.keepKeys((event) => {
      if (event.target === canvas) this.keyDown(event);
    });
    this.file.addEventListener("change", () => this.loadFile());
    this.hear("_drawing", () => this.hearDrawing());
    this.hear("_state", () => this.hearFrame());
  }

  close() {
    super.close();
    const timers = [this.later, this.busy, this.speaks, this.rests, this.nudges];
    for (const timer of timers) clearTimeout(timer);
  }

  // Drawing --------------------------------------------------------------------------------------

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * PAD,
      y: ((event.clientY - box.top) / box.height) * PAD,
    };
  }

  pointerDown(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const isFinger = event.pointerType === "touch";
    if (event.pointerType === "pen") this.penSeenAt = event.timeStamp;
    else if (isFinger && event.timeStamp - this.penSeenAt < PALM) return;
    if (isFinger) this.fingers.set(event.pointerId, event.clientY);
    this.canvas.setPointerCapture(event.pointerId);
    if (this.drawing !== undefined) {
      if (!this.fingers.has(this.drawing)) return; // a mouse or a pen goes on
      this.takeBack();
      if (isFinger) return; // two fingers: they scroll
      this.fingers.clear(); // the hand came down before its pen
    } else if (this.fingers.size > 1) return;
    this.begin(event);
  }

  begin(event) {
    this.canvas.focus({ preventScroll: true });
    this.showCursor(false);
    this.drawing = event.pointerId;
    this.before = document.createElement("canvas");
    this.before.width = this.before.height = PAD * SHARP;
    this.before.getContext("2d").drawImage(this.canvas, 0, 0);
    this.last = this.place(event);
    this.line(this.last);
  }

  pointerMove(event) {
    if (event.pointerType === "pen") this.penSeenAt = event.timeStamp;
    if (this.fingers.size > 1 && this.fingers.has(event.pointerId)) return this.scroll(event);
    if (event.pointerId !== this.drawing) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const point of between.length ? between : [event]) this.line(this.place(point));
  }

  scroll({ pointerId, clientY }) {
    const by = (this.fingers.get(pointerId) - clientY) / this.fingers.size;
    this.fingers.set(pointerId, clientY);
    this.scroller ??= scrollerOf(this.canvas);
    this.scroller.scrollTop += by;
  }

  pointerUp({ pointerId, type }) {
    const isFinger = this.fingers.delete(pointerId);
    if (!this.fingers.size) this.scroller = undefined;
    if (pointerId !== this.drawing) return;
    // A touch that the system cancels was the palm, or began one of its own gestures.
    if (isFinger && type === "pointercancel") this.takeBack();
    else this.endStroke();
  }

  takeBack() {
    this.drawing = this.last = undefined;
    this.context.clearRect(0, 0, PAD, PAD);
    this.context.drawImage(this.before, 0, 0, PAD, PAD);
    this.hint.hidden = this.ink().some((value) => value > 0);
    this.send();
  }

  line(to) {
    this.context.beginPath();
    this.context.moveTo(this.last.x, this.last.y);
    this.context.lineTo(to.x + 0.01, to.y); // a line of no length would not be a dot
    this.context.stroke();
    this.last = to;
    this.hint.hidden = true;
    this.sendLater();
  }

  endStroke() {
    this.drawing = undefined;
    this.last = undefined;
    this.endedAt = performance.now();
    this.send();
  }

  wipe() {
    this.drawing = this.last = undefined;
    this.context.clearRect(0, 0, PAD, PAD);
    this.hint.hidden = false;
    this.showCursor(this.isCursorShown, false);
    this.endedAt = performance.now();
    this.send();
  }

  // Keyboard -------------------------------------------------------------------------------------

  keyDown(event) {
    const isPen = event.key === " " || event.key === "Enter";
    const isClear = event.key === "Delete" || event.key === "Backspace";
    if (!ARROWS[event.key] && !isPen && !isClear) return;
    event.preventDefault();
    if (isClear) return this.wipe();
    if (isPen && !event.repeat) return this.togglePen();
    if (!ARROWS[event.key]) return;
    this.held.add(event.key); // two of them: slanting
    const step = event.shiftKey ? SMALL_STEP : STEP;
    const inside = (value) => Math.min(PAD - PEN / 2, Math.max(PEN / 2, value));
    for (const key of this.held) {
      this.cursor.x = inside(this.cursor.x + step * ARROWS[key][0]);
      this.cursor.y = inside(this.cursor.y + step * ARROWS[key][1]);
    }
    if (this.isPenDown) this.line({ ...this.cursor });
    this.showCursor(true);
  }

  togglePen() {
    this.showCursor(true, !this.isPenDown);
    this.spoken.textContent = this.isPenDown ? TEXTS.penDown : TEXTS.penUp;
    if (!this.isPenDown) return this.endStroke();
    this.last = { ...this.cursor };
    this.line(this.last);
  }

  leave() {
    this.held.clear();
    const wasDown = this.isPenDown;
    this.showCursor(false, false);
    if (wasDown) this.endStroke();
  }

  showCursor(isShown, isPenDown = this.isPenDown) {
    this.isCursorShown = isShown;
    this.isPenDown = isPenDown ?? false;
    this.pointer.style.display = isShown ? "block" : "none";
    this.pointer.style.left = `${(this.cursor.x / PAD) * 100}%`;
    this.pointer.style.top = `${(this.cursor.y / PAD) * 100}%`;
    this.pointer.classList.toggle("dp-down", this.isPenDown);
  }

  // To the kernel --------------------------------------------------------------------------------

  send() {
    clearTimeout(this.later);
    clearTimeout(this.rests);
    this.later = undefined;
    const ink = packed(this.ink());
    const number = Math.max(this.awaited ?? 0, this.model.get("_state").number) + 1;
    this.model.send({ kind: "drawing", number, author: this.id }, undefined, [ink.buffer]);
    this.await(number);
  }

  // In the middle of a stroke: nothing is sent while an answer is awaited.
  sendLater() {
    this.later ??= setTimeout(() => {
      this.later = undefined;
      if (this.awaited > this.model.get("_state").number) this.sendLater();
      else this.send();
    }, SEND_EVERY);
  }

  ink() {
    const small = document.createElement("canvas");
    small.width = small.height = PAD;
    const context = small.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.canvas, 0, 0, PAD, PAD);
    const { data } = context.getImageData(0, 0, PAD, PAD);
    return Uint8Array.from({ length: PAD * PAD }, (_, at) => data[4 * at + 3]);
  }

  // A kernel that works on something else answers later, and nothing here waits for it.
  await(number) {
    this.awaited = number;
    this.nudge(NUDGES);
    this.busy ??= setTimeout(() => {
      this.busy = undefined;
      this.waits = TEXTS.busy;
      this.showNote();
    }, BUSY_AFTER);
  }

  nudge(times) {
    clearTimeout(this.nudges);
    if (!times) return;
    this.nudges = setTimeout(() => {
      this.model.send({ kind: "nudge" });
      this.nudge(times - 1);
    }, NUDGE_EVERY);
  }

  async loadFile() {
    const [file] = this.file.files;
    if (!file) return;
    this.waits = TEXTS.looking;
    this.showNote();
    try {
      const data = await (file.size > LARGE_FILE ? await reduced(file) : file).arrayBuffer();
      this.model.send({ kind: "photograph" }, undefined, [data]);
    } catch (error) {
      this.waits = undefined;
      this.trouble = TEXTS.unreadable(file.name, (file.size / 1e6).toFixed(1));
      this.showNote();
      console.warn(error);
    }
    this.file.value = ""; // the same file may be chosen again
  }

  // From the kernel ------------------------------------------------------------------------------

  hearDrawing() {
    const { author, ink } = this.model.get("_drawing");
    if (author === this.id) return;
    const pixels = unpacked(bytes(ink));
    clearTimeout(this.later);
    this.later = this.drawing = undefined;
    const small = document.createElement("canvas");
    small.width = small.height = PAD;
    const context = small.getContext("2d");
    context.putImageData(pixelsOf(context, pixels, PAD), 0, 0);
    this.context.clearRect(0, 0, PAD, PAD);
    this.context.drawImage(small, 0, 0);
    this.hint.hidden = pixels.some((value) => value > 0);
  }

  hearFrame() {
    this.trouble = undefined;
    const state = this.model.get("_state");
    if (state.number >= (this.awaited ?? 0)) {
      this.nudge(0);
      clearTimeout(this.busy);
      this.busy = this.waits = undefined;
    }
    this.showSeen(bytes(state.digit));
    this.showBars(state.probabilities);
    this.showNote();
    this.root.dataset.number = state.number; // tests and the benchmark read these
    this.root.dataset.best = this.best ?? "";
    if (this.endedAt === undefined || state.number < this.awaited) return;
    const endedAt = this.endedAt;
    this.endedAt = undefined;
    this.rests = setTimeout(() => this.model.send({ kind: "rest" }), REST);
    this.root.dataset.ms = (performance.now() - endedAt).toFixed(1);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel(); // heard after the state is painted
      port1.onmessage = () => {
        this.root.dataset.painted = (performance.now() - endedAt).toFixed(1);
        port1.close();
      };
      port2.postMessage("");
    });
  }

  showSeen(digit) {
    this.seen.clearRect(0, 0, SIDE, SIDE);
    if (digit.length) this.seen.putImageData(pixelsOf(this.seen, digit, SIDE), 0, 0);
    const text = digit.length ? TEXTS.digit : TEXTS.noDigit;
    this.seen.canvas.setAttribute("aria-label", text);
  }

  showBars(probabilities) {
    const given = probabilities ?? [];
    const order = [...given.keys()].sort((a, b) => given[b] - given[a]);
    this.best = order[0];
    this.rows.forEach(({ row, bar, number }, digit) => {
      const chance = given[digit];
      const isSeen = chance >= HARDLY;
      bar.style.transform = `scaleX(${isSeen ? chance : 0})`;
      number.textContent = isSeen ? chance.toFixed(3) : "";
      row.classList.toggle("dp-best", digit === this.best);
      const isRead = chance !== undefined;
      const said = isSeen ? chance.toFixed(3) : TEXTS.hardly;
      row.setAttribute("aria-label", isRead ? TEXTS.bar(digit, said) : TEXTS.noBar(digit));
    });
    const isUnsure = given[this.best] < SURE;
    this.root.classList.toggle("dp-unsure", isUnsure);
    this.answer.textContent = this.best ?? "";
    this.doubt.textContent = isUnsure ? TEXTS.unsure(...order) : "";
    const likeliest = order
      .slice(0, 3)
      .map((digit) => TEXTS.chance(digit, given[digit].toFixed(2)));
    this.speakLater(given.length ? TEXTS[isUnsure ? "doubts" : "reads"](...likeliest) : "");
  }

  // What was read is taken back at once when it is no longer there, and "pen down" is left alone.
  speakLater(text) {
    clearTimeout(this.speaks);
    if (!text && this.spoken.textContent === this.reading) this.spoken.textContent = "";
    if (!text) return;
    this.speaks = setTimeout(() => {
      this.spoken.textContent = this.reading = text;
    }, SPEAK_AFTER);
  }

  showNote() {
    const { message, note } = this.model.get("_state");
    const text = this.waits || this.trouble || message || note || "";
    if (this.note.textContent !== text) this.note.textContent = text;
  }
}

export default widgetOf(Pad);
