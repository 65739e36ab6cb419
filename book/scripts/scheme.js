// The light/dark button. The page follows the system until the reader chooses.
{
  const root = document.documentElement;
  const button = /** @type {HTMLElement} */ (document.querySelector(".scheme-button"));
  const system = matchMedia("(prefers-color-scheme: dark)");

  /** @param {"light" | "dark"} theme */
  const show = (theme) => {
    root.dataset.theme = theme;
    button.setAttribute("aria-pressed", String(theme === "dark"));
  };

  button.addEventListener("click", () => {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    root.dataset.mode = theme;
    try {
      localStorage.setItem("mode", theme);
    } catch {
      /* without storage the choice lasts for this page */
    }
    show(theme);
  });
  system.addEventListener("change", () => {
    if (root.dataset.mode === "auto") show(system.matches ? "dark" : "light");
  });
  show(root.dataset.theme === "dark" ? "dark" : "light");
}
