// Every ten seconds the table is replaced; scroll and focus stay. Without JavaScript the page reloads.
const EVERY_MS = 10000;

function place() {
  const all = [...document.querySelectorAll("main a, main button, .scroll")];
  return all.indexOf(document.activeElement);
}

async function renew() {
  if (document.hidden) return;
  const token = document.querySelector('[name="_xsrf"]')?.value;
  try {
    const headers = token ? { "X-XSRFToken": token } : {};
    const reply = await fetch(location.href, { headers, redirect: "error" });
    if (!reply.ok) throw new Error(String(reply.status));
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const focused = place();
    const left = document.querySelector(".scroll")?.scrollLeft ?? 0;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    const scroll = document.querySelector(".scroll");
    if (scroll) scroll.scrollLeft = left;
    const all = document.querySelectorAll("main a, main button, .scroll");
    if (focused >= 0) all[focused]?.focus({ preventScroll: true });
  } catch {
    const count = document.getElementById("count");
    if (count && !count.dataset.stale) {
      count.dataset.stale = "1";
      count.append(" · not renewed: the service does not answer");
    }
  }
}

setInterval(renew, EVERY_MS);
