// A prediction: the reader commits first, then the measured answer appears over the guess.

import { explorable } from "../explorables/shared/lifecycle.js";
import { choicePart } from "./choice.js";
import { curvePart } from "./curve.js";
import { framed } from "./frame.js";
import { numberPart } from "./number.js";
import { orderPart } from "./order.js";

/** @import { Scene } from "../explorables/shared/lifecycle.js" */
/** @import { Part, Traits } from "./frame.js" */

const PARTS = { curve: curvePart, number: numberPart, choice: choicePart, order: orderPart };

/** @param {Scene<Traits<any>>} scene */
function build(scene) {
  const make = /** @type {(scene: Scene<Traits<any>>) => Part<any>} */ (PARTS[scene.model.get("prompt").kind]);
  scene.el.classList.add("dl-predicting");
  framed(scene, make(scene));
}

export default explorable(build);
