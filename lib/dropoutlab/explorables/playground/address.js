// Settings in the address of a page, for sharing: #playground&p=0.5&shape=moons

/**
 * What an address asks for, with everything mended that does not fit.
 *
 * @param {string} hash Of the page's address.
 * @param {string} title What the settings are for; the hash must begin with it.
 * @param {Record<string, Rule>} allowed For each setting its range, or its values.
 * @returns `mended` says what was asked for in vain.
 *
 * @typedef {{ min: number, max: number, whole?: boolean } | string[]} Rule
 */
export function readAddress(hash, title, allowed) {
  const [first, ...pairs] = hash.replace(/^#/, "").split("&");
  /** @type {Record<string, string | number>} */
  const settings = {};
  /** @type {string[]} */
  const mended = [];
  if (first !== title) return { settings, mended };
  for (const pair of pairs) {
    const [name, text = ""] = pair.split("=").map(decoded);
    const rule = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
    if (!rule) mended.push(`there is no setting “${name}”`);
    else if (Array.isArray(rule)) {
      if (rule.includes(text)) settings[name] = text;
      else mended.push(`${name} cannot be “${text}”`);
    } else {
      const asked = text.trim() === "" ? NaN : Number(text);
      const value = Math.min(Math.max(rule.whole ? Math.round(asked) : asked, rule.min), rule.max);
      if (Number.isNaN(value)) mended.push(`${name} cannot be “${text}”`);
      else settings[name] = value;
      if (!Number.isNaN(value) && value !== asked) mended.push(`${name} became ${value}, not ${text}`);
    }
  }
  return { settings, mended };
}

/**
 * The hash that asks for these settings.
 *
 * @param {string} title
 * @param {Record<string, string | number>} settings
 */
export function writeAddress(title, settings) {
  return `#${title}${Object.entries(settings)
    .map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
    .join("")}`;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % stands for itself
  }
}
