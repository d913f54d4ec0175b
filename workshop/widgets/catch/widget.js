// Plays Catch: two boards, one ball for both; the network's answers come from Python, see widget.py.

import { button, element, spokenLine, View, widgetOf } from "../page.js";

// What learners read here; the rest comes from Python.
const TEXTS = {
  game: "Catch: you and the network",
  keys:
    "Move your paddle by ← and →, by the buttons, or pull it with a finger. Space starts and " +
    "pauses. If the clock waits for you, ↓ stays.",
  yours: (keys) => `Your board. ${keys}`,
  start: "Start",
  pause: "Pause",
  moves: { Left: "◀", Stay: "Stay", Right: "▶" },
  clock: "Clock",
  clocks: { waits: "waits for you", slow: "slow", normal: "normal", fast: "fast" },
  you: (caught, balls) => `You: ${caught} of ${balls}`,
  network: (caught, balls) => `Network: ${caught} of ${balls}`,
  networks: "The network's board",
  actions: ["left", "stay", "right"],
  chances: "Probability of each action",
  caught: "✓ caught",
  missed: "✗ missed",
  end: (you, network) => `You: ${you}. The network: ${network}.`,
  moment: (row, ball, paddle) => `Ball: row ${row}, column ${ball}. Your paddle: column ${paddle}.`,
};

const SIDE = 10;
const LAST_ROW = SIDE - 1;
const LEFTMOST = 1; // of a paddle's middle
const RIGHTMOST = SIDE - 2;
const EVERY = { slow: 700, normal: 400, fast: 220 }; // ms from row to row
const SHOWN = 900; // ms that the end of a ball stays
const HELD_AFTER = 180; // ms: a shorter press is one step, whether or not the ball falls meanwhile
const KEYS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: 0 };

const inside = (paddle) => Math.max(LEFTMOST, Math.min(RIGHTMOST, paddle));
const isCaught = (ball, paddle) => Math.abs(ball - paddle) <= 1;

class Game extends View {
  constructor(model, parent) {
    super(model, parent, "catch-game", TEXTS.game);
    // Who wants less motion begins with a ball that falls only with each step.
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.clock = isCalm ? "waits" : "normal";
    this.build();
    this.listen();
    this.begin();
  }

  // What there is --------------------------------------------------------------------------------

  build() {
    const bar = element(this.root, "div", "cg-bar");
    this.play = button(bar, "cg-play", TEXTS.start, () => this.startOrPause());
    const label = element(bar, "label", "", TEXTS.clock);
    this.clocks = element(label, "select", "cg-clock");
    for (const [value, text] of Object.entries(TEXTS.clocks)) {
      element(this.clocks, "option", "", text).value = value;
    }
    this.clocks.value = this.clock;
    const boards = element(this.root, "div", "cg-boards");
    this.mine = this.board(boards, "cg-mine");
    this.mine.squares.tabIndex = 0;
    // "application": a screen reader must leave the arrow keys to the game.
    this.mine.squares.setAttribute("role", "application");
    this.mine.squares.setAttribute("aria-label", TEXTS.yours(TEXTS.keys));
    const moves = element(this.mine.figure, "div", "cg-moves");
    this.movers = Object.entries(TEXTS.moves).map(([name, text], k) => {
      const mover = button(moves, "cg-move", text, (event) => this.clicked(event, k - 1));
      mover.setAttribute("aria-label", name);
      return mover;
    });
    this.theirs = this.board(boards, "cg-theirs");
    this.theirs.squares.setAttribute("role", "img");
    this.theirs.squares.setAttribute("aria-label", TEXTS.networks);
    this.buildChances(element(this.theirs.figure, "div", "cg-chances"));
    element(this.root, "p", "cg-keys", TEXTS.keys);
    this.spoken = spokenLine(this.root);
  }

  board(parent, className) {
    const figure = element(parent, "figure", className);
    const caption = element(figure, "figcaption");
    const score = element(caption, "span", "cg-score");
    const end = element(caption, "span", "cg-end");
    const squares = element(figure, "div", "cg-squares");
    const paddle = element(squares, "div", "cg-paddle");
    return { figure, score, end, squares, paddle, ball: element(squares, "div", "cg-ball") };
  }

  buildChances(list) {
    list.setAttribute("role", "list");
    list.setAttribute("aria-label", TEXTS.chances);
    this.chances = TEXTS.actions.map((name) => {
      const row = element(list, "div", "cg-row");
      row.setAttribute("role", "listitem");
      element(row, "span", "", name);
      const bar = element(element(row, "span", "cg-track"), "span", "cg-bar-of");
      return { row, bar, number: element(row, "span", "cg-number") };
    });
  }

  listen() {
    const { squares } = this.mine;
    this.keepKeys((event) => this.keyDown(event));
    squares.addEventListener("keyup", (event) => this.release(KEYS[event.key]));
    squares.addEventListener("blur", () => this.release());
    squares.addEventListener("pointerdown", (event) => this.pull(event, true));
    squares.addEventListener("pointermove", (event) => this.pull(event, false));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      squares.addEventListener(name, () => {
        this.target = undefined;
      });
    }
    this.movers.forEach((mover, k) => {
      mover.addEventListener("pointerdown", ({ button: pressed }) => pressed || this.press(k - 1));
      for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
        mover.addEventListener(name, () => this.release());
      }
      // A long press would open a menu over the game.
      mover.addEventListener("contextmenu", (event) => event.preventDefault());
    });
    this.clocks.addEventListener("change", () => this.setClock(this.clocks.value));
    const onHide = () => document.hidden && this.pause();
    document.addEventListener("visibilitychange", onHide);
    this.ends.push(() => document.removeEventListener("visibilitychange", onHide));
    this.hear("_score", () => this.draw());
    this.hear("_chances", () => this.draw());
  }

  close() {
    super.close();
    clearTimeout(this.timer);
  }

  // By hand --------------------------------------------------------------------------------------

  keyDown(event) {
    if (event.target === this.clocks) return;
    const isBoard = event.target === this.mine.squares;
    const direction = KEYS[event.key];
    if (direction !== undefined) {
      event.preventDefault(); // the page would scroll
      if (!event.repeat || this.clock === "waits") this.press(direction);
    } else if (event.key === " " && isBoard) {
      event.preventDefault();
      if (!event.repeat) this.startOrPause();
    }
  }

  // A press has come by pointerdown; a click without one is by keyboard or a screen reader.
  clicked(event, direction) {
    if (event.detail > 0) return;
    this.press(direction);
    this.release();
  }

  press(direction) {
    if (this.clock === "waits") return this.stepByHand(direction);
    Object.assign(this, { held: direction, heldSince: performance.now() });
    if (!this.isPlaying) this.start();
    if (this.row === LAST_ROW) return;
    if (this.hasMoved) this.queued = direction;
    else this.moveMine(direction);
  }

  release(direction) {
    if (direction === undefined || this.held === direction) this.held = 0;
  }

  // The paddle follows a finger, one column per row as for everybody.
  pull(event, isDown) {
    if (isDown) {
      event.preventDefault();
      this.mine.squares.focus({ preventScroll: true });
      this.mine.squares.setPointerCapture(event.pointerId);
    } else if (this.target === undefined) return;
    const box = this.mine.squares.getBoundingClientRect();
    this.target = inside(Math.floor(((event.clientX - box.left) / box.width) * SIDE));
    if (this.clock === "waits") {
      if (isDown) this.stepByHand(Math.sign(this.target - this.paddle));
    } else if (this.isPlaying && !this.hasMoved) this.moveMine(this.wish());
  }

  wish() {
    if (this.target !== undefined) return Math.sign(this.target - this.paddle);
    const isLong = performance.now() - this.heldSince > HELD_AFTER;
    return this.queued ?? (isLong ? this.held : 0);
  }

  moveMine(direction) {
    if (!direction) return;
    this.paddle = inside(this.paddle + direction);
    this.hasMoved = true;
    this.draw();
  }

  // Time -----------------------------------------------------------------------------------------

  startOrPause() {
    if (this.isPlaying) this.pause();
    else this.start();
  }

  start() {
    if (this.clock === "waits") return;
    this.isPlaying = true;
    this.play.textContent = TEXTS.pause;
    this.mine.squares.focus({ preventScroll: true });
    if (this.row === LAST_ROW) this.begin();
    this.later(EVERY[this.clock]);
  }

  pause() {
    if (this.isPlaying) this.rest();
    clearTimeout(this.timer);
    this.isPlaying = false;
    this.release();
    this.play.textContent = TEXTS.start;
  }

  setClock(clock) {
    if (clock === "waits") this.pause();
    this.clock = this.clocks.value = clock;
    this.draw();
  }

  later(after) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tick(), after);
  }

  tick() {
    if (this.row === LAST_ROW) this.begin();
    else this.fall();
    this.later(this.row === LAST_ROW ? SHOWN : EVERY[this.clock]);
  }

  stepByHand(direction) {
    if (this.row === LAST_ROW) return this.begin();
    this.moveMine(direction);
    this.fall();
    if (this.row === LAST_ROW) this.rest();
    else this.spoken.textContent = TEXTS.moment(this.row, this.ball, this.paddle);
  }

  begin() {
    const balls = this.model.get("_balls");
    [this.ball, this.paddle] = balls[this.model.get("_score").balls % balls.length];
    Object.assign(this, { other: this.paddle, row: 0, hasMoved: false, queued: undefined });
    this.draw();
    if (this.clock === "waits") this.spoken.textContent = TEXTS.moment(this.row, this.ball, this.paddle);
  }

  // Both have had their step: the ball falls by a row.
  fall() {
    const chances = this.asked();
    this.other = inside(this.other + chances.indexOf(Math.max(...chances)) - 1);
    this.row++;
    this.hasMoved = false;
    if (this.row === LAST_ROW) this.finish();
    else if (this.isPlaying) this.moveMine(this.wish());
    this.queued = undefined;
    this.draw();
  }

  finish() {
    const [you, network] = [isCaught(this.ball, this.paddle), isCaught(this.ball, this.other)];
    const before = this.model.get("_score");
    this.model.set("_score", {
      balls: before.balls + 1,
      you: before.you + you,
      network: before.network + network,
    });
    this.model.save_changes();
    const said = (caught) => (caught ? TEXTS.caught : TEXTS.missed);
    this.spoken.textContent = TEXTS.end(said(you), said(network));
  }

  // Time for the saved picture. A change of a trait may wait for the answer to the one before: so the
  // score comes along.
  rest() {
    this.model.send({ kind: "rest", score: this.model.get("_score") });
  }

  // What the network says to this moment.
  asked() {
    const moment = (this.row * SIDE + this.ball) * RIGHTMOST + this.other - LEFTMOST;
    return this.model.get("_chances").slice(3 * moment, 3 * moment + 3);
  }

  // Drawing --------------------------------------------------------------------------------------

  draw() {
    const { balls, you, network } = this.model.get("_score");
    this.drawBoard(this.mine, this.paddle, TEXTS.you(you, balls));
    this.drawBoard(this.theirs, this.other, TEXTS.network(network, balls));
    this.drawChances();
    // Not "disabled": a button that has the focus would lose it.
    this.movers[1].setAttribute("aria-disabled", this.clock !== "waits");
    this.play.setAttribute("aria-disabled", this.clock === "waits");
    const { row, ball, paddle, other, clock } = this;
    Object.assign(this.root.dataset, { row, ball, paddle, other, balls, you, network, clock });
  }

  drawBoard(board, paddle, score) {
    const isOver = this.row === LAST_ROW;
    const caught = isCaught(this.ball, paddle);
    board.score.textContent = score;
    board.end.textContent = isOver ? (caught ? TEXTS.caught : TEXTS.missed) : "";
    board.ball.style.left = `${this.ball * SIDE}%`;
    board.ball.style.top = `${this.row * SIDE}%`;
    board.paddle.style.left = `${(paddle - 1) * SIDE}%`;
    board.figure.classList.toggle("cg-missed", isOver && !caught);
  }

  drawChances() {
    const isOver = this.row === LAST_ROW;
    const chances = isOver ? [] : this.asked();
    const best = chances.indexOf(Math.max(...chances));
    this.chances.forEach(({ row, bar, number }, k) => {
      bar.style.width = `${100 * (chances[k] ?? 0)}%`;
      number.textContent = isOver ? "" : chances[k].toFixed(2);
      row.classList.toggle("cg-best", k === best);
    });
  }
}

export default widgetOf(Game);
