// Draws a lane for each process of a cluster, while they work; see widget.py.

import { button, CanvasView, element, line, spokenLine, widgetOf } from "../page.js";

// What learners read here; the rest comes from Python.
const TEXTS = {
  lanes: "Processes at work",
  tick: (every) => (every === 1 ? "a step" : `${every} steps`),
  starting: "starting",
  running: "running",
  gone: "gone",
  cut: "killed or failed",
  back: "works again",
  steps: (steps) => `${steps} steps`,
  seconds: "seconds",
  replay: "Replay",
  trouble: "The lanes could not be drawn.",
};

const LANE = 48; // px, with its words
const WORDS = 15; // baseline of the words below the top of a lane
const MIDDLE = 33;
const TICK = 9; // half of a tick
const AXIS = 34;
const EDGE = 8;
const LEAST = 2; // seconds across
const LENGTHS = [2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600];
const APART = 4; // px between two ticks, at least, where steps come fastest
const EVERY = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const LONGEST_REPLAY = 10; // s

// The second until which there is something to see: processes take long to end after their steps.
function lastOf({ lanes, now, bin }) {
  const marks = lanes.flatMap((lane) => lane.marks.filter(([, what]) => what !== "ended"));
  const steps = lanes.map(({ counts }) => (counts.findLastIndex((count) => count > 0) + 1) * bin);
  const last = Math.max(...steps, ...marks.map(([at]) => at));
  return last > 0 ? Math.min(now, last + LEAST / 2) : now;
}

const isCalm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

class Lanes extends CanvasView {
  constructor(model, parent) {
    super(model, parent, "process-lanes", TEXTS.lanes);
    const legend = element(this.root, "div", "pl-legend");
    const key = (kind, sign, text) => {
      const pair = element(legend, "span");
      element(pair, "span", `pl-key pl-${kind}`, sign);
      return element(pair, "span", "", text);
    };
    this.everyText = key("tick", "|", TEXTS.tick(1));
    key("starting", "", TEXTS.starting);
    key("cut", "✕", TEXTS.cut);
    key("back", "○", TEXTS.back);
    this.again = button(legend, "pl-replay", TEXTS.replay, () => this.replay());
    this.again.hidden = true;
    this.canvas = element(this.root, "canvas");
    this.canvas.setAttribute("role", "img");
    this.how = element(this.root, "p", "pl-how");
    this.spoken = spokenLine(this.root);
    this.keepKeys();
    this.hear("_state", () => this.soon());
    this.pictures = 0;
  }

  close() {
    super.close();
    cancelAnimationFrame(this.replaying);
  }

  trouble() {
    this.how.textContent = TEXTS.trouble;
  }

  // From the first second to the last once more, without the kernel.
  replay() {
    const { left } = this.model.get("_state");
    const now = lastOf(this.model.get("_state"));
    const speed = Math.max(1, (now - left) / LONGEST_REPLAY) / 1000;
    const start = performance.now();
    cancelAnimationFrame(this.replaying);
    const next = () => {
      this.until = left + (performance.now() - start) * speed;
      if (this.until >= now || isCalm()) this.until = undefined;
      this.soon();
      if (this.until !== undefined) this.replaying = requestAnimationFrame(next);
    };
    next();
  }

  draw() {
    const state = this.model.get("_state");
    this.readColours(["ink", "quiet", "line", "tick", "warn", "paper"]);
    this.again.hidden = !state.over || !state.lanes.length || isCalm();
    this.how.textContent = state.how;
    if (this.spoken.textContent !== state.events) this.spoken.textContent = state.events;
    this.canvas.style.height = `${state.lanes.length * LANE + AXIS}px`;
    this.canvas.setAttribute("aria-label", state.text);
    const { context, width } = this.clear({ canvas: this.canvas });
    const seconds = Math.max(LEAST, (state.over ? lastOf(state) : state.now) - state.left);
    const length = state.over ? seconds : (LENGTHS.find((long) => long >= seconds) ?? seconds);
    const scale = (width - 2 * EDGE) / length;
    const x = (time) => EDGE + (time - state.left) * scale;
    const every = this.every(state, scale);
    this.everyText.textContent = TEXTS.tick(every);
    const until = this.until ?? state.now;
    state.lanes.forEach((lane, row) => {
      this.drawLane(context, lane, { state, every, until, x, width, top: row * LANE });
    });
    this.drawAxis(context, state, length, x);
    this.pictures += 1;
    Object.assign(this.root.dataset, { pictures: this.pictures, over: state.over });
  }

  // So many steps a tick, that ticks stand apart where they come fastest.
  every(state, scale) {
    const per = Math.max(1, Math.round(0.5 / state.bin)); // bins in half a second
    let most = 0;
    for (const { counts } of state.lanes) {
      for (let k = 0; k < counts.length; k += per) {
        most = Math.max(most, counts.slice(k, k + per).reduce((a, b) => a + b, 0));
      }
    }
    const apart = (per * state.bin * scale) / Math.max(1, most);
    return EVERY.find((every) => every * apart >= APART) ?? EVERY.at(-1);
  }

  drawLane(context, lane, { state, every, until, x, width, top }) {
    const isWhole = until >= state.now;
    const kind = lane.spans.findLast(([begin]) => begin <= until)?.[2] ?? "running";
    const middle = top + MIDDLE;
    for (const [begin, end, what] of lane.spans) {
      if (what === "gone" || begin > until || (end ?? state.now) < state.left) continue;
      context.lineWidth = 2;
      context.strokeStyle = this.colours.line;
      context.setLineDash(what === "starting" ? [5, 5] : []);
      const from = Math.max(begin, state.left);
      const to = Math.min(x(Math.min(end ?? state.now, until)), width - EDGE);
      line(context, [x(from), middle], [to, middle]);
    }
    context.setLineDash([]);
    const steps = this.drawTicks(context, lane.counts, { state, every, until, x, middle });
    for (const [at, what] of lane.marks) {
      if (at <= until && at >= state.left && x(at) <= width) this.drawMark(context, what, x(at), middle);
    }
    const words = isWhole || (kind === "gone" && lane.marks.length) ? lane.words : TEXTS[kind];
    const isCut = kind === "gone" && lane.marks.findLast(([at]) => at <= until)?.[1] !== "ended";
    this.drawWords(context, lane.name, words, isCut, { top, width, steps });
  }

  drawTicks(context, counts, { state, every, until, x, middle }) {
    let steps = 0;
    context.strokeStyle = this.colours.tick;
    context.lineWidth = 2;
    counts.forEach((count, bin) => {
      for (let k = 0; k < count; k++) {
        const at = (bin + (k + 0.5) / count) * state.bin;
        if (at > until) return;
        if (steps++ % every === 0) line(context, [x(at), middle - TICK], [x(at), middle + TICK]);
      }
    });
    return steps;
  }

  drawMark(context, what, x, y) {
    context.lineWidth = 3;
    context.strokeStyle = what === "cut" ? this.colours.warn : this.colours.tick;
    if (what === "cut") {
      line(context, [x - 8, y - 8], [x + 8, y + 8]);
      line(context, [x - 8, y + 8], [x + 8, y - 8]);
      return;
    }
    context.fillStyle = this.colours.paper;
    context.beginPath();
    if (what === "back") context.arc(x, y, 7, 0, 2 * Math.PI);
    else context.rect(x - 3, y - TICK, 6, 2 * TICK);
    context.fill();
    context.stroke();
  }

  drawWords(context, name, words, isCut, { top, width, steps }) {
    const baseline = top + WORDS;
    context.textAlign = "left";
    context.font = `600 13px ${this.font}`;
    context.fillStyle = this.colours.ink;
    context.fillText(name, EDGE, baseline);
    const after = EDGE + context.measureText(name).width + 12;
    context.font = `${isCut ? 600 : 400} 13px ${this.font}`;
    context.fillStyle = isCut ? this.colours.warn : this.colours.quiet;
    context.fillText(words, after, baseline);
    if (!steps) return;
    context.textAlign = "right";
    context.font = `13px ${this.font}`;
    context.fillStyle = this.colours.quiet;
    context.fillText(TEXTS.steps(steps), width - EDGE, baseline);
  }

  drawAxis(context, state, length, x) {
    const y = state.lanes.length * LANE + 4;
    context.lineWidth = 1;
    context.strokeStyle = this.colours.line;
    context.fillStyle = this.colours.quiet;
    context.font = `12px ${this.font}`;
    context.textAlign = "center";
    line(context, [x(state.left), y], [x(state.left + length), y]);
    const apart = [0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600].find((step) => length / step <= 8);
    for (let at = 0; at <= length + 1e-9; at += apart ?? 600) {
      line(context, [x(state.left + at), y], [x(state.left + at), y + 4]);
      const isLast = at + (apart ?? 600) > length;
      const text = isLast ? `${at} ${TEXTS.seconds}` : `${at}`;
      const half = context.measureText(text).width / 2;
      const most = x(state.left + length) + EDGE - half;
      context.fillText(text, Math.max(half, Math.min(x(state.left + at), most)), y + 18);
    }
  }
}

export default widgetOf(Lanes);
