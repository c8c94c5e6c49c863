interface ReasonWords {
  /** Short, for lists and bars. */
  readonly name: string;
  /** One sentence: what it means. */
  readonly text: string;
}

/** Why a request got no similar answer, by the code that stands on the record and in `tidegate-cache-reason`. */
const REASONS: ReadonlyMap<string, ReasonWords> = new Map(
  Object.entries({
    format: {
      name: 'Another kind of request',
      text: 'Only conversations in a known form with one answer are looked up: no embeddings, pictures or several choices.',
    },
    'no-scope': {
      name: 'Nobody to share with',
      text: 'Answers are shared within a token or a user, and the request named none.',
    },
    'no-text': {
      name: 'No question in words',
      text: 'The last message of the user has no text, or the request does not end with one.',
    },
    attachments: {
      name: 'Pictures or files',
      text: 'A picture, a sound or a file belongs to the question, and only words are compared.',
    },
    tools: {
      name: 'Tools',
      text: 'The request offers tools, or the answer calls one: what they find is new each time.',
    },
    temperature: {
      name: 'Temperature too high',
      text: 'The request asks for more variety than the setting ‘Highest temperature’ allows.',
    },
    'time-words': {
      name: 'Asks about now',
      text: 'Words such as today or latest: yesterday’s answer would be stale.',
    },
    'too-long': {
      name: 'Too long to compare',
      text: 'The question is longer than what the models read at once. It is never cut.',
    },
    language: {
      name: 'Not plain English',
      text: 'The question is in another language, or mostly code: the checks were not made for it.',
    },
    skipped: {
      name: 'Not wanted',
      text: 'The request itself asked not to be answered from the cache.',
    },
    unavailable: {
      name: 'Models not available',
      text: 'The embedder could not be loaded or reached, so nothing was looked up.',
    },
    paused: {
      name: 'Paused',
      text: 'It pauses itself when more answers were wrong than the error budget allows.',
    },
    'embedder-failed': {
      name: 'Embedder failed',
      text: 'The embedder gave no vector for this question.',
    },
    late: {
      name: 'Look-up too slow',
      text: 'The look-up did not end in time, so the provider was asked instead of waiting.',
    },
    busy: {
      name: 'Too many look-ups',
      text: 'So many look-ups were under way that this one was not begun.',
    },
    'no-neighbour': {
      name: 'Nothing alike',
      text: 'No question that was asked before comes near this one.',
    },
    'gate-numbers': { name: 'Numbers differ', text: 'The nearest question has other numbers in it.' },
    'gate-units': { name: 'Units differ', text: 'The nearest question measures in another unit.' },
    'gate-dates': { name: 'Dates differ', text: 'The nearest question is about another day, month or year.' },
    'gate-money': { name: 'Amounts differ', text: 'The nearest question names another sum or currency.' },
    'gate-names': {
      name: 'Names differ',
      text: 'The nearest question is about another person, product or company.',
    },
    'gate-places': { name: 'Places differ', text: 'The nearest question is about another place.' },
    'gate-quotes': { name: 'Quoted text differs', text: 'What stands in quotation marks is not the same.' },
    'gate-code': {
      name: 'Code differs',
      text: 'Code, addresses or identifiers in the two questions are not the same.',
    },
    'gate-negation': { name: 'Negation', text: 'One of the two questions says not, never or without.' },
    'gate-antonyms': {
      name: 'Opposites',
      text: 'The two questions use words that mean the opposite, such as enable and disable.',
    },
    'gate-direction': {
      name: 'Direction differs',
      text: 'From and to, or before and after, are the other way round.',
    },
    'gate-roles': {
      name: 'Roles swapped',
      text: 'Who does what to whom is the other way round, or the comparison is.',
    },
    'gate-condition': {
      name: 'A condition more',
      text: 'One question has a condition that the other lacks, such as if, without or only.',
    },
    'gate-quantity': {
      name: 'How many differs',
      text: 'All, some, at least, at most: the questions do not ask for the same amount.',
    },
    'gate-time': { name: 'Time differs', text: 'The two questions are about another time.' },
    'gate-format': {
      name: 'Form of the answer differs',
      text: 'The answer is wanted in another form: a table, JSON, a number of lines.',
    },
    'gate-language': {
      name: 'Language of the answer differs',
      text: 'The answer is wanted in another language.',
    },
    'gate-question': {
      name: 'Kind of question differs',
      text: 'One asks who, the other when, where, why or how.',
    },
    'gate-words': {
      name: 'A telling word differs',
      text: 'A rare word stands in one question and nothing like it in the other.',
    },
    'verifier-failed': {
      name: 'Verifier failed',
      text: 'The model that reads both questions together failed or was late, which counts as a miss.',
    },
    score: {
      name: 'Not sure enough',
      text: 'The probability that one answer serves both is below what the error budget asks for.',
    },
    'known-wrong': {
      name: 'Known wrong pair',
      text: 'These two questions, or two like them, were found to need different answers.',
    },
    'answer-gone': {
      name: 'Answer gone',
      text: 'A similar question was found, but its answer had expired or was removed.',
    },
  }),
);

/** Of a newer gateway: its own code, and no sentence. */
export const reasonWords = (code: string): ReasonWords => REASONS.get(code) ?? { name: code, text: '' };

export const KNOWN_REASONS: readonly string[] = [...REASONS.keys()];
