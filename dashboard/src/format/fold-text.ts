export interface FoldedText {
  /** What is shown while it is folded. */
  readonly shown: string;
  readonly isFolded: boolean;
  readonly lines: number;
}

/** The beginning of a text: so many lines, and so many characters. A little more than that is shown whole. */
export function foldText(text: string, mostLines: number, mostCharacters: number): FoldedText {
  let lines = 1;
  let cut = -1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    if (lines === mostLines) cut = at;
    lines++;
  }
  const isShort = lines <= mostLines + 2 && text.length <= mostCharacters * 1.2;
  if (isShort) return { shown: text, isFolded: false, lines };
  const end = Math.min(cut === -1 ? text.length : cut, mostCharacters);
  // Not in the middle of a character.
  const last = text.charCodeAt(end - 1);
  return { shown: text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end), isFolded: true, lines };
}
