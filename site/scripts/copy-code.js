// A button on each code cell that copies its text.
{
  /** @param {HTMLElement} block */
  const addButton = (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the code");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("pre").innerText.trimEnd());
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      button.addEventListener("blur", () => (button.textContent = "Copy"), { once: true });
    });
    block.append(button);
  };
  for (const block of document.querySelectorAll("div[class*='highlight-']:not(.cell_output *) > .highlight")) {
    addButton(block);
  }
}
