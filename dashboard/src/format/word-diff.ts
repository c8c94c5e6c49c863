/** A stretch of a text, and whether the other text has it in the same order. */
export interface DiffPiece {
  readonly text: string;
  readonly isOwn: boolean;
}

export interface WordDiff {
  readonly one: readonly DiffPiece[];
  readonly other: readonly DiffPiece[];
}

// A word with what is written inside one (don't, 3.5, e-mail), a stretch of space, or a sign alone.
const TOKEN = /[\p{L}\p{N}\p{M}]+(?:['’.,_-][\p{L}\p{N}\p{M}]+)*|\s+|./gsu;

/** Beyond this, comparing word by word costs more than a reader gains: the middle counts as different as a whole. */
const MOST_STEPS = 1_000_000;

/** Which words stand in one of two texts only. Case and kinds of space are no difference. */
export function diffWords(one: string, other: string): WordDiff {
  const [left, right] = [tokensOf(one), tokensOf(other)];
  let begin = 0;
  while (begin < left.length && begin < right.length && isEqual(left[begin]!, right[begin]!)) begin++;
  let end = 0;
  while (
    end < left.length - begin &&
    end < right.length - begin &&
    isEqual(left[left.length - 1 - end]!, right[right.length - 1 - end]!)
  )
    end++;
  const shared = commonPlaces(left.slice(begin, left.length - end), right.slice(begin, right.length - end));
  const isShared = (places: ReadonlySet<number>, length: number) => (index: number) =>
    index < begin || index >= length - end || places.has(index - begin);
  return {
    one: joined(left, isShared(shared.left, left.length)),
    other: joined(right, isShared(shared.right, right.length)),
  };
}

const tokensOf = (text: string): readonly string[] => text.match(TOKEN) ?? [];

const isEqual = (a: string, b: string): boolean => a === b || folded(a) === folded(b);
const folded = (token: string): string => (token.trim() === '' ? ' ' : token.toLowerCase());

/** The longest run of tokens that both have in the same order: the places of it in each. */
function commonPlaces(left: readonly string[], right: readonly string[]) {
  const places = { left: new Set<number>(), right: new Set<number>() };
  const [rows, columns] = [left.length, right.length];
  if (rows === 0 || columns === 0 || rows * columns > MOST_STEPS) return places;
  const [ours, theirs] = [left.map(folded), right.map(folded)];
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] =
        ours[row] === theirs[column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!);
    }
  }
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (ours[row] === theirs[column]) {
      places.left.add(row++);
      places.right.add(column++);
    } else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row++;
    else column++;
  }
  return places;
}

/** Neighbours of the same kind as one piece; space between two words that differ differs with them. */
function joined(tokens: readonly string[], isShared: (index: number) => boolean): DiffPiece[] {
  const own = tokens.map((token, index) => {
    const isSpace = token.trim() === '';
    return isSpace && index > 0 && index < tokens.length - 1
      ? !isShared(index - 1) && !isShared(index + 1)
      : !isSpace && !isShared(index);
  });
  const pieces: { text: string; isOwn: boolean }[] = [];
  tokens.forEach((text, index) => {
    const last = pieces.at(-1);
    if (last !== undefined && last.isOwn === own[index]) last.text += text;
    else pieces.push({ text, isOwn: own[index]! });
  });
  return pieces;
}

/** The words that only one of the texts has, for those who hear the page. */
export const ownWords = (pieces: readonly DiffPiece[]): readonly string[] =>
  pieces.filter(({ isOwn }) => isOwn).map(({ text }) => text.trim());
