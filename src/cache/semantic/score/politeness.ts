/**
 * Asking politely changes nothing about what is asked. Taken away at the edges of a text only, and only where it stands
 * apart: 'How do you say thank you?' is about the words.
 */
const GREETING =
  /^\s*(?:hi|hello|hey|dear sir|good (?:morning|evening|day)|please|thanks)(?: there| all| everyone)?\s*[,.!:;]+\s*/i;
const OPENING =
  /^\s*(?:please|kindly|(?:can|could|would|will) (?:you|someone|anyone) (?:please |kindly )?(?:tell|explain to|show|help) me,?|(?:i want|i need|i would like|i'd like|i am trying) to know|i was wondering|do you know)\s+/i;
const CLOSING =
  /[,.?!;]\s*(?:please|pls|plz|cheers|thx|(?:many )?thanks(?: a lot| so much| in advance)?|thank you(?: very much| so much| in advance)?)\s*[.?!]*\s*$/i;

/** The text without greeting, 'please' and thanks; as it was where nothing else would be left. */
export const withoutPoliteness = (text: string): string => {
  const bare = text.replace(GREETING, '').replace(OPENING, '').replace(CLOSING, '');
  return /[\p{L}\p{N}]/u.test(bare) ? bare : text;
};
