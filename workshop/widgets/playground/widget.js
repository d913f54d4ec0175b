// Draws the playground from the traits of Playground and sends what is pressed and chosen; see
// state.py for what the traits hold.

import { button, CanvasView, element, spokenLine, widgetOf } from "../page.js";
import { Loss } from "./loss.js";
import { Network } from "./network.js";
import { rgb, Surface } from "./surface.js";
import { TEXTS } from "./texts.js";

const NEEDS_KERNEL = "workshop-needs-kernel";
const MOST_LAYERS = 6;
const FIRST_UNITS = 16; // of a layer that is added
const SPEAK_EVERY = 5000; // ms: a screen reader needs time for a sentence
const CALM = 1000; // ms between two pictures where less motion is asked for
const ANSWER = 1500; // ms: after so long without an answer, the kernel is busy
const TINTS = ["tint-zero", "tint-half", "tint-one", "tint-none"];
const MAPS = ["map-zero", "tint-half", "map-one", "tint-none"]; // stronger: they are small
const COLOURS = ["ink", "quiet", "line", "paper", "zero", "one", ...TINTS, ...MAPS];

class Playground extends CanvasView {
  constructor(model, parent) {
    super(model, parent, "workshop-playground", TEXTS.playground);
    this.options = model.get("_options");
    this.isStill = Boolean(model.isStill); // a page whose kernel is gone
    this.root.classList.toggle("pg-still", this.isStill);
    // Keys belong to the controls here, not to the notebook: arrows, Enter, letters.
    this.root.dataset.lmSuppressShortcuts = "true";
    this.keepKeys((event) => {
      const part = this.parts.find(({ panel }) => panel.canvas === event.target);
      part?.onKey?.(event);
    });
    this.makeSettings();
    this.reason = element(this.root, "div", "pg-reason");
    this.makeBar();
    this.problem = element(this.root, "div", "pg-problem");
    this.problem.setAttribute("role", "alert");
    this.note = element(this.root, "div", "pg-note");
    this.spoken = spokenLine(this.root);
    const panels = element(this.root, "div", "pg-panels");
    this.network = new Network(this, panels);
    this.parts = [this.network, new Surface(this, panels), new Loss(this, panels)];
    this.makeCode();
    this.sent = 0;
    this.spokenAt = this.drawnAt = -Infinity;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.hear("_state", () => this.onState());
  }

  // Less motion: the picture of a running training comes once a second.
  onState() {
    const rest = this.drawnAt + CALM - performance.now();
    if (!this.calm.matches || !this.model.get("_state").running || rest <= 0) return this.soon();
    this.resting ??= setTimeout(() => {
      this.resting = undefined;
      this.soon();
    }, rest);
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
    const { options } = this;
    const parent = element(this.root, "div", `pg-settings ${NEEDS_KERNEL}`);
    const named = (values, names = {}) => values.map((k) => [k, names[k] ?? k]);
    const looks = options.presets.map(({ name }) => [name, name]);
    this.preset = this.select(parent, TEXTS.preset, [["", TEXTS.noPreset], ...looks], () => {
      const found = options.presets.find(({ name }) => name === this.preset.value);
      if (found) this.choose(found.choice);
    });
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
    this.activation = this.select(parent, TEXTS.activation, named(options.activations), () =>
      this.choose({ activation: this.activation.value }),
    );
    this.rate = this.select(parent, TEXTS.rate, named(options.learning_rates), () =>
      this.choose({ learning_rate: +this.rate.value }),
    );
    this.noise = this.select(parent, TEXTS.noise, named(options.noises, { 0: TEXTS.noNoise }), () =>
      this.choose({ noise: +this.noise.value }),
    );
    this.testing = this.labelled(parent, TEXTS.testing, document.createElement("input"));
    Object.assign(this.testing, { type: "checkbox", title: TEXTS.testingMeans });
    this.testing.parentElement.classList.add("pg-switch");
    this.testing.addEventListener("change", () => this.choose({ testing: this.testing.checked }));
  }

  makeBar() {
    const bar = element(this.root, "div", "pg-bar");
    this.run = button(bar, `pg-run ${NEEDS_KERNEL}`, TEXTS.run, () =>
      this.send({ do: this.model.get("_state").running ? "pause" : "run" }),
    );
    button(bar, `pg-step ${NEEDS_KERNEL}`, TEXTS.step, () => this.send({ do: "step" }));
    button(bar, `pg-reset ${NEEDS_KERNEL}`, TEXTS.reset, () => this.send({ do: "reset" }));
    const numbers = element(bar, "div", "pg-numbers");
    const pairs = Object.entries(TEXTS.numbers);
    this.numbers = Object.fromEntries(
      pairs.map(([name, text]) => [name, element(element(numbers, "div", "", text), "b")]),
    );
  }

  makeCode() {
    const details = element(this.root, "details", "pg-code");
    element(details, "summary", "", TEXTS.code);
    const copy = button(details, "pg-copy", TEXTS.copy, async () => {
      copy.textContent = (await this.copyCode()) ? TEXTS.copied : TEXTS.notCopied;
    });
    this.copy = copy;
    this.code = element(details, "pre");
    this.code.tabIndex = 0;
    this.details = details;
  }

  // A page that came without https has no clipboard; the code is selected, then.
  async copyCode() {
    try {
      await navigator.clipboard.writeText(this.code.textContent);
      return true;
    } catch {
      const range = document.createRange();
      range.selectNodeContents(this.code);
      const selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      return document.execCommand?.("copy") ?? false;
    }
  }

  close() {
    super.close();
    for (const timer of [this.answer, this.typing, this.resting]) clearTimeout(timer);
  }

  send(message) {
    if (this.isStill) return;
    this.sent = Math.max(Date.now(), this.sent + 1);
    this.root.dataset.heard = false;
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
    const preset = this.options.presets.find((look) => JSON.stringify(look.choice) === shown);
    pick(this.preset, preset?.name ?? "");
    this.say(this.reason, preset?.reason ?? "");
    pick(this.cloud, choice.cloud);
    pick(this.layers, choice.hidden_units.length);
    pick(this.activation, choice.activation);
    pick(this.rate, choice.learning_rate);
    pick(this.noise, choice.noise);
    this.testing.checked = choice.testing;
    this.noise.disabled = choice.cloud === this.options.own;
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
    this.drawnAt = performance.now();
    this.readColours(COLOURS);
    const mixed = (names) => names.map((name) => rgb(this.colours[name]));
    [this.tints, this.mapTints] = [mixed(TINTS), mixed(MAPS)];
    this.showChoice(state.choice, isHeard);
    if (this.isStill) this.say(this.reason, state.text);
    this.run.textContent = state.running ? TEXTS.pause : TEXTS.run;
    this.run.classList.toggle("pg-running", state.running);
    this.showNumbers(state);
    this.say(this.problem, state.problem);
    this.say(this.note, this.hint(state, isHeard));
    this.speak(state);
    this.showCode(state.code);
    for (const part of this.parts) part.draw(state, isHeard);
    Object.assign(this.root.dataset, { // tests read them
      step: state.step,
      running: state.running,
      accuracy: state.accuracy ?? "",
      heard: isHeard,
    });
  }

  showNumbers(state) {
    this.numbers.step.textContent = state.step.toLocaleString("en");
    this.numbers.loss.textContent = state.step ? state.loss : "–";
    this.numbers.accuracy.textContent = state.accuracy ?? "–";
    for (const name of ["test_loss", "test_accuracy"]) {
      this.numbers[name].textContent = state[name] ?? "–";
      this.numbers[name].parentElement.hidden = !state.choice.testing;
    }
  }

  showCode(code) {
    this.details.hidden = !code;
    if (this.code.textContent === code) return;
    this.code.textContent = code ?? "";
    this.copy.textContent = TEXTS.copy;
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
    const said = (state.running ? TEXTS.running : TEXTS.paused)(state.text);
    this.spoken.textContent = state.note ? `${said}. ${state.note}` : said;
  }
}

export default widgetOf(Playground);
