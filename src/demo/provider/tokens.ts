/** One token is up to six letters or digits with the white space before them, or one sign. */
const TOKEN = /\s*[\p{L}\p{N}\p{M}]{1,6}|\s*[^\s\p{L}\p{N}\p{M}]|\s+/gu;

/** Cuts text into tokens; joined, they are the text again. Answers are streamed in these pieces, one per event. */
export function splitTokens(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** The whole tokenizer of the scripted provider, so that tests can predict every count. */
export function countTokens(text: string): number {
  let count = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.exec(text)) count++;
  return count;
}

/** What an image in the input counts for, whatever its size. */
export const IMAGE_TOKENS = 85;
