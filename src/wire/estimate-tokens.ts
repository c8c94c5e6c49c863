/** Tokens per UTF-16 unit, by script: what the tokenizers of the large models give on average. */
const LATIN = 1 / 4;
/** Greek, Cyrillic, Hebrew, Arabic, Indic and the like. */
const OTHER_ALPHABET = 1 / 2.5;
/** Kana and Hangul. */
const SYLLABLE = 0.75;
/** Han. */
const IDEOGRAPH = 0.9;
/** Either half of a surrogate pair: emoji and rare Han take about two tokens each. */
const SURROGATE = 1;

/**
 * About how many tokens a text is. For answers whose provider never came to say so; never for billing where a
 * figure was stated.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    tokens += unit < 0x370 ? LATIN : weightOf(unit);
  }
  return tokens === 0 ? 0 : Math.ceil(tokens - 1e-9);
}

function weightOf(unit: number): number {
  if (unit < 0x1100) return OTHER_ALPHABET;
  if (unit < 0x1200) return SYLLABLE;
  if (unit < 0x2e80) return unit >= 0x2000 && unit < 0x2070 ? LATIN : OTHER_ALPHABET;
  if (unit >= 0x3040 && unit < 0x3400) return SYLLABLE;
  if (unit < 0xa000) return IDEOGRAPH;
  if (unit >= 0xac00 && unit < 0xd800) return SYLLABLE;
  if (unit >= 0xd800 && unit < 0xe000) return SURROGATE;
  if (unit >= 0xf900 && unit < 0xfb00) return IDEOGRAPH;
  return OTHER_ALPHABET;
}
