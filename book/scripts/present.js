// The page as a talk: what makes it one is loaded when it is first asked for.
{
  const button = /** @type {HTMLElement | null} */ (document.querySelector(".present-button"));
  const WRITTEN_INTO = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, dialog";
  const asked = () => /^#present=(\d+)$/.exec(location.hash);

  /** @type {Promise<(at?: number) => void> | undefined} */
  let loading;
  /** Load it once. As a script: a page that was opened from disk may not load modules from files. */
  const load = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = String(button?.dataset.script);
      script.onload = () => resolve(/** @type {any} */ (globalThis).dropoutlabPresent);
      script.onerror = () => {
        loading = undefined;
        script.remove();
        reject(new Error("The talk could not be loaded."));
      };
      document.head.append(script);
    });
    return loading;
  };
  const begin = async (/** @type {number | undefined} */ at = undefined) => {
    try {
      (await load())(at);
    } catch (error) {
      if (button) button.title = String(error instanceof Error ? error.message : error);
    }
  };
  const beginAsAsked = () => {
    const found = asked();
    if (found) begin(Math.max(1, Number(found[1])));
  };

  if (button) {
    button.addEventListener("click", () => begin());
    addEventListener("keydown", (event) => {
      const typing = event.target instanceof Element && event.target.closest(WRITTEN_INTO);
      const held = event.ctrlKey || event.altKey || event.metaKey;
      if (event.key.toLowerCase() === "p" && !typing && !held && !event.repeat) begin();
    });
    addEventListener("hashchange", beginAsAsked);
    beginAsAsked();
  }
}
