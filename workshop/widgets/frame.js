// Asks from the browser whether TensorBoard can be reached, since only the browser knows, and puts a
// sentence of frame.py in the frame's place where it can't.

const LIMIT = 20_000; // ms; a kernel that trains answers late
const AGAIN = 1000; // ms
const TRIES = 3;

async function answerOf(source, isOurs) {
  const how = { signal: AbortSignal.timeout(LIMIT), mode: isOurs ? "same-origin" : "no-cors" };
  try {
    const answer = await fetch(`${source}data/environment`, how);
    if (!isOurs) return "shown"; // another address: that it answers is all that we may know
    if (answer.status === 404) return "missing";
    if ([401, 403].includes(answer.status) || answer.redirected) return "refused";
    const about = answer.ok && (await answer.json().catch(() => ({})));
    return about.version ? "shown" : "ended";
  } catch (error) {
    return error.name === "TimeoutError" ? "late" : "unreachable";
  }
}

export async function watch(box, source) {
  const isOurs = new URL(source, location.href).origin === location.origin;
  let answer;
  for (let tries = 0; tries < TRIES; tries++) {
    answer = await answerOf(source, isOurs);
    if (!["ended", "unreachable"].includes(answer)) break;
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
  box.dataset.answer = answer; // tests read it
  if (answer === "shown") return;
  box.querySelector(`[data-answer="${answer}"]`).hidden = false;
  if (answer !== "late") box.querySelector(".workshop-tensorboard-page").hidden = true;
}
