// The map on the landing page says how far its reader is, and keeps, loads and forgets the reading.

import { allOf, forgetAll, textsOf, writeAll } from "./everything.js";
import { fileName, fileOf, LARGEST, readFile, TOO_LARGE } from "./file.js";
import { countsOf, merged } from "./merge.js";
import { ownStore } from "./store.js";
import { askedBeforeForgetting, progress, saidOfLoading } from "./words.js";

const REFUSED = "This browser lets the page keep nothing, so what you predict and answer is gone when you leave it.";
const NO_ROOM = "This browser has no room to keep that. Nothing was changed.";

/** @param {HTMLElement} map */
function begin(map) {
  const store = ownStore();
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (map.querySelector(name));
  const button = (/** @type {string} */ name) => /** @type {HTMLButtonElement} */ (part(`[data-does="${name}"]`));
  const [save, load, forget] = [button("save"), button("load"), button("forget")];
  const [ask, input] = [part(".kept-ask"), /** @type {HTMLInputElement} */ (part("input[type=file]"))];
  const chapters = [.../** @type {NodeListOf<HTMLElement>} */ (map.querySelectorAll("li[data-page]"))];
  const names = (/** @type {string | undefined} */ list) => (list ?? "").split(" ").filter(Boolean);
  const say = (/** @type {string} */ words) => {
    part(".kept-said").textContent = words;
  };

  const draw = () => {
    const all = allOf(store);
    for (const item of chapters) {
      const { page, sections, predictions, answers } = item.dataset;
      const contents = { sections: names(sections), predictions: names(predictions), answers: names(answers) };
      const line = /** @type {HTMLElement} */ (item.querySelector(".map-kept"));
      line.textContent = progress(
        all.find((each) => each.page === page),
        contents,
      );
    }
    part(".map-on").replaceChildren(...goOn());
    save.disabled = forget.disabled = !all.length;
  };
  /** A link to the place that was reached last. */
  const goOn = () => {
    const last = allOf(store)
      .filter(({ place }) => place)
      .sort((a, b) => ((a.place?.at ?? "") < (b.place?.at ?? "") ? 1 : -1))[0];
    const item = chapters.find(({ dataset }) => dataset.page === last?.page);
    const { place } = last ?? {};
    if (!item || !place || !names(item.dataset.sections).includes(place.name)) return [];
    const link = document.createElement("a");
    link.href = `${item.querySelector("a")?.getAttribute("href")}#${encodeURIComponent(place.name)}`;
    const [number, title] = [".map-number", ".map-title"].map((name) => item.querySelector(name)?.textContent);
    link.textContent = `${number ? `${number} ` : ""}${title}${place.title ? `, ${place.title}` : ""}`;
    return ["Go on where you were: ", link];
  };

  save.addEventListener("click", () => {
    const now = new Date();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([fileOf(allOf(store), now)], { type: "application/json" }));
    link.download = fileName(now);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(`Saved as ${link.download}.`);
  });

  load.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    const found = file.size > LARGEST ? { problem: TOO_LARGE } : readFile(await file.text());
    input.value = ""; // the same file may be chosen again
    if ("problem" in found) {
      say(found.problem);
      return;
    }
    const known = found.chapters.filter(({ page }) => chapters.some(({ dataset }) => dataset.page === page));
    const { chapters: changed, taken, older } = merged(allOf(store), known);
    if (!writeAll(store, changed)) say(NO_ROOM);
    else say(saidOfLoading(taken, older, found.chapters.length - known.length));
    draw();
  });

  const decide = (/** @type {boolean} */ asked) => {
    ask.hidden = !asked;
    if (asked) button("really").focus();
    else forget.focus();
  };
  forget.addEventListener("click", () => {
    const all = allOf(store);
    part(".kept-ask p").textContent = askedBeforeForgetting(countsOf(all), all.length);
    say("");
    decide(true);
  });
  button("never").addEventListener("click", () => decide(false));
  ask.addEventListener("keydown", ({ key }) => key === "Escape" && decide(false));
  button("really").addEventListener("click", () => {
    forgetAll(store);
    decide(false);
    say("Forgotten. Nothing of your reading is in this browser now.");
    draw();
    load.focus(); // the button is off
  });

  addEventListener("storage", ({ key }) => {
    if (key === null || key.startsWith(store.prefix)) draw();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && draw());
  if (!textsOf(store)) {
    part(".kept-where").textContent = REFUSED;
    load.disabled = true;
  }
  draw();
}

const map = /** @type {HTMLElement | null} */ (document.querySelector(".course-map"));
if (map) begin(map);
