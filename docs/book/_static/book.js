// Figures and widgets look for JupyterLab's mark of a dark page; the book has another one.
const mark = () => {
  document.body.dataset.jpThemeLight = String(document.documentElement.dataset.theme !== "dark");
};

document.addEventListener("DOMContentLoaded", () => {
  mark();
  // The theme calls them "Search", and shows the keys, too: the name has to say what is seen.
  for (const button of document.querySelectorAll(".search-button-field")) {
    button.removeAttribute("aria-label");
  }
  new MutationObserver(mark).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme"],
  });
});

// Paper is white, whatever the page is.
let shown;
addEventListener("beforeprint", () => {
  shown = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
});
addEventListener("afterprint", () => {
  document.documentElement.dataset.theme = shown;
});
