// A button on each code cell that copies its text.
{
  /** The code of a block; of an example with prompts, what one would type. @param {Element} pre */
  const codeOf = (pre) => {
    const text = pre.textContent.trimEnd();
    if (!pre.querySelector(".gp")) return text;
    const typed = text.split("\n").filter((line) => /^(>>>|\.\.\.)( |$)/.test(line));
    return typed.map((line) => line.slice(4)).join("\n");
  };

  /** @param {Element} block */
  const addButton = (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy the code");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(codeOf(/** @type {Element} */ (block.querySelector("pre"))));
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
