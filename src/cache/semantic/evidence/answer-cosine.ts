import type { Embedder } from '../../../core/semantic.ts';

/** Characters that surely fit the window of a small model. */
const PIECE = 600;
const MOST_PIECES = 8;

/**
 * How alike two answers are to the embedder: the cosine of the means of their pieces. Null when it cannot tell. One
 * piece at a time: look-ups, for which somebody waits, come in between.
 */
export async function answerCosine(
  one: string,
  other: string,
  embedder: Embedder,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const left = await meanVector(one, embedder, signal);
    const right = await meanVector(other, embedder, signal);
    let dot = 0;
    for (let i = 0; i < left.length; i++) dot += left[i]! * right[i]!;
    return Number.isFinite(dot) ? Math.max(-1, Math.min(1, dot)) : null;
  } catch {
    return null;
  }
}

async function meanVector(text: string, embedder: Embedder, signal: AbortSignal): Promise<Float32Array> {
  const sum = new Float32Array(embedder.dimensions);
  for (const piece of piecesOf(text)) {
    const [vector] = await embedder.embed([piece], signal);
    for (let i = 0; i < sum.length; i++) sum[i]! += vector![i]!;
  }
  let square = 0;
  for (const value of sum) square += value * value;
  return sum.map((value) => value / Math.sqrt(square));
}

/** Cut at the ends of sentences or words where there are any. Of a very long text, its beginning. */
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest !== '' && pieces.length < MOST_PIECES) {
    if (rest.length <= PIECE) {
      pieces.push(rest);
      break;
    }
    const head = rest.slice(0, PIECE);
    const sentence = Math.max(head.lastIndexOf('. '), head.lastIndexOf('\n'), head.lastIndexOf('。'));
    const word = head.lastIndexOf(' ');
    const at = sentence > PIECE / 2 ? sentence + 1 : word > PIECE / 2 ? word : PIECE;
    pieces.push(rest.slice(0, at).trim().toWellFormed());
    rest = rest.slice(at).trim();
  }
  return pieces.filter((piece) => piece !== '');
}
