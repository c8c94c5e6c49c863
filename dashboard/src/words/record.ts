/** Words of a record: what happened to one request. */
export const recordWords = {
  title: 'Request',
  loadFailed: 'This record could not be loaded',
  gone: 'This record is not here',
  goneText:
    'It was deleted, it is older than what this gateway keeps, or the address belongs to another gateway.',
  toLogs: 'Go to the logs',
  close: 'Close record',
  openAlone: 'Open on a page of its own',
  previous: 'Previous record',
  next: 'Next record',
  tabs: {
    conversation: 'Conversation',
    raw: 'Raw',
    timeline: 'Timeline',
    decisions: 'Decisions',
    metadata: 'Metadata',
  },
  copyId: 'Copy id',
  asked: 'Asked for',
  servedBy: 'served by',
  noModel: 'No model',
  facts: {
    cost: 'Cost',
    duration: 'Duration',
    firstByte: 'First byte',
    tokens: 'Tokens',
    cache: 'Cache',
    time: 'Time',
    session: 'Session',
    saved: (amount: string) => `saved ${amount}`,
    cachedShare: (share: string) => `${share} of the prompt`,
    estimated: 'estimated',
    perSecond: (rate: string) => `${rate} tokens/s`,
    openSession: 'Open the session',
  },
  unknownCost: 'The price of this model is not in the catalogue',
  noCost: 'No usage was reported, so there is nothing to price',
  noTokens: 'The answer did not say how many tokens it used',
  noFirstByte: 'No first byte came',
  outcome: { complete: 'complete', failed: 'broke off', left: 'client left' },
  mayNotRead: 'Prompts and answers need the permission read, which your token does not have.',
  actions: {
    more: 'More actions',
    copyCode: 'Copy as code',
    curl: 'Copy as curl',
    python: 'Copy as Python',
    typescript: 'Copy as TypeScript',
    copyLink: 'Copy link',
    replay: 'Replay',
    playground: 'Open in playground',
    dataset: 'Add to dataset',
    copied: (what: string) => `${what} copied`,
    codeNames: { curl: 'curl command', python: 'Python code', typescript: 'TypeScript code', link: 'Link' },
    noBody: 'The request body was not kept, so there is nothing to copy.',
    copyFailed: 'The browser did not allow copying.',
  },
} as const;

/** Of an answer that another request paid for. */
export const cacheHitWords = {
  title: { semantic: 'Similar answer', shared: 'Shared call' },
  text: {
    semantic: 'This is what was answered to another question that means the same.',
    shared: 'The same request was under way, and both got its answer.',
  },
  paid: { semantic: 'The question that was answered', shared: 'The request that paid' },
  similarity: (value: string) => `Similarity ${value}`,
  probability: (value: string) => `Probability ${value}`,
  age: (time: string) => `${time} old`,
  hitsOfEntry: 'All hits of this answer',
} as const;

export const conversationWords = {
  loadFailed: 'The conversation could not be read',
  search: 'Search in this conversation',
  found: (count: string) => (count === '1' ? '1 match' : `${count} matches`),
  onlyMatching: 'Other messages are hidden.',
  same: (count: string) => `Same as before (${count} ${count === '1' ? 'message' : 'messages'})`,
  sameHint: 'The session’s previous request had these too',
  omitted: (count: string) => `${count} earlier messages are not shown here. Raw has all of them.`,
  roles: {
    system: 'System',
    developer: 'Developer',
    user: 'User',
    assistant: 'Assistant',
    model: 'Model',
    tool: 'Tool',
    answer: 'Answer',
  } as Readonly<Record<string, string>>,
  tools: (count: string) => (count === '1' ? '1 tool offered' : `${count} tools offered`),
  toolNoDescription: 'No description',
  parameters: 'Parameters',
  noAnswer: 'No answer was kept',
  noAnswerError: (message: string) => `No answer: ${message}`,
  finish: (reason: string) => `ended with ${reason}`,
  requestCut: 'Only the beginning of the request was kept.',
  responseCut: 'Only the beginning of the answer was kept.',
  problem: (text: string) => `Not all could be read: ${text}`,
  empty: 'There is no conversation in this request. Raw shows what was sent.',
  emptyMessage: 'Empty message',
  messages: 'Messages',
} as const;

export const rawWords = {
  request: 'Request',
  response: 'Response',
  pretty: 'Pretty',
  exact: 'Exact',
  notKept: 'This body was not kept.',
  notKeptWhy: 'Logs of bodies are off for this gateway or were off for this request, or there was no body.',
  empty: 'The body is empty.',
  truncated: (kept: string, size: string) => `Only the first ${kept} of ${size} were kept.`,
  truncatedPlain: 'Only the beginning of this body was kept.',
  shownPart: (shown: string) => `The first ${shown} are shown. Download has all of it.`,
  binary: (type: string) => `This body is not text (${type}). Download it to look at it.`,
  download: 'Download',
  headers: 'Headers',
  headersNote: 'Other headers are not recorded: they can hold secrets.',
  search: 'Search in this body',
} as const;

export const timelineWords = {
  title: 'From received to stored',
  attempts: 'Attempts',
  noAttempts: 'No provider was called.',
  tokensPerSecond: 'Tokens per second while the answer streamed',
  overhead: (time: string) => `Of this, ${time} were the gateway’s own.`,
  table: { phase: 'Phase', begin: 'Begins after', length: 'Takes' },
  phases: {
    gateway: 'In the gateway',
    cache: 'From the cache',
    waiting: 'Waiting for the provider',
    streaming: 'Answer arrives',
    failed: 'Failed attempt',
    pause: 'Pause before the next attempt',
    finishing: 'Finishing',
  },
  attempt: (number: number, provider: string) => `Attempt ${number} to ${provider}`,
  step: (number: number) => `step ${number}`,
  answered: (status: number) => `answered ${status}`,
  failed: (why: string) => `failed: ${why}`,
  noAnswer: 'no answer',
} as const;

export const decisionWords = {
  title: 'Why it went as it went',
  none: 'The gateway had nothing to decide for this request.',
  open: 'Open the rule',
  places: {
    settings: 'settings',
    providers: 'provider keys',
    access: 'tokens',
    record: 'that record',
  },
  auth: {
    token: 'Let in with a token of the gateway',
    inside: (origin: string) => `Made by the gateway itself (${origin}), in the name of a token`,
    anonymous: 'Let in without a token: this gateway is open',
    refused: (why: string) => (why === '' ? 'Not let in' : `Not let in: ${why}`),
  },
  key: {
    stored: (alias: string) => `Sent with the stored provider key ‘${alias}’`,
    brought: (header: string) =>
      header === ''
        ? 'Sent with the key that the request brought'
        : `Sent with the key that the request brought in ${header}`,
    none: 'Sent without a provider key: the request brought none, and none is stored',
  },
  cache: {
    hit: (age: string) => `Answered from the cache: the same request was answered ${age} before`,
    hitPlain: 'Answered from the cache',
    miss: 'Not from the cache: no answer to the same request is stored',
    notRead: (rule: string) => `The cache was not asked: ${rule}`,
    stored: (time: string) => `The answer was stored in the cache for ${time}`,
    storedPlain: 'The answer was stored in the cache',
    similar: (age: string) =>
      `Answered from the cache: a question that means the same was answered ${age} before`,
    similarPlain: 'Answered from the cache: a question that means the same was answered before',
    notServed: 'A similar answer was there, and was not given',
    notServedWhy: { shadow: 'in shadow, none is', paused: 'it is paused' } as Readonly<
      Record<string, string>
    >,
    noSimilar: (name: string) => `No similar answer: ${name}`,
    keptSimilar: 'The answer was kept for similar questions',
    notKeptSimilar: (why: string) =>
      why === '' ? 'Not kept for similar questions' : `Not kept for similar questions: ${why}`,
    joined: 'Waited for the same request that was under way, and shared its answer',
    notShared: (why: string) =>
      why === ''
        ? 'The call that it waited for failed, so it made one of its own'
        : `The call that it waited for failed (${why}), so it made one of its own`,
    shared: (others: string) =>
      others === '1'
        ? 'One more identical request shared this answer'
        : `${others} more identical requests shared this answer`,
    left: 'The client left; another request that shares the call goes on with it, and pays',
    leftToOthers: 'The client left; others that share the call go on with it, and this request pays',
    takenOver: 'Took over the call of a client that left, and pays for it',
    notStored: (why: string) =>
      why === '' ? 'The answer was not stored in the cache' : `Not stored in the cache: ${why}`,
  },
  limit: {
    rule: (limit: string, time: string, technique: string) =>
      `${limit} requests per ${time} (${technique} window)`,
    counted: (rule: string, left: string) => `Counted against ${rule}: ${left} left`,
    refused: (rule: string) => `Refused by the rate limit of ${rule}`,
  },
  retry: {
    again: (why: string, after: string, waited: string) =>
      `Tried again: ${why} after ${after}, then waited ${waited}`,
    not: (why: string) => `Not tried again: ${why}`,
  },
  route: {
    replay: 'Sent again from another record',
    fallback: (step: number, why: string) =>
      `Step ${step} failed${why === '' ? '' : ` (${why})`}, so the next one was tried`,
  },
  price: {
    free: 'Cost nothing: it came from the cache',
    custom: (amount: string) => `Price: ${amount}, by the rates that the request stated (cf-aig-custom-cost)`,
    known: (amount: string, rule: string) => `Price: ${amount}, by the ${rule}`,
    unknown: (why: string) => `The price is not known${why === '' ? '' : `: ${why}`}`,
  },
  plain: (stage: string, outcome: string, rule: string | null) =>
    `${stage}: ${outcome}${rule === null ? '' : ` (${rule})`}`,
} as const;

export const metadataWords = {
  feedback: 'Feedback',
  good: 'Good answer',
  bad: 'Bad answer',
  score: 'Score',
  scoreHint: 'Any number; empty takes it away',
  comment: 'Comment',
  commentHint: 'Kept in the metadata under ‘comment’',
  save: 'Save score',
  saved: 'Saved',
  saveFailed: 'This was not saved',
  notANumber: 'A score is a number between -1,000,000,000 and 1,000,000,000.',
  tooMany: 'There are five entries of metadata already, which is the most: a comment has no room.',
  tooLong: 'A comment has at most 4,096 characters.',
  metadata: 'Metadata of the request',
  noMetadata: 'The request brought no metadata. Send it in the header cf-aig-metadata, as JSON.',
  fields: 'Everything else that is recorded',
  usage: 'Usage',
  noUsage: 'No usage was reported.',
  estimated: 'Estimated by the gateway: the provider did not report it',
  filterBy: (key: string) => `Requests with the same ${key}`,
  yes: 'yes',
  no: 'no',
} as const;

export const replayWords = {
  title: 'Replay',
  text: 'Sends the stored request again through this gateway, with a stored provider key. It is recorded and costs what it costs.',
  model: 'Model',
  modelHint: 'Empty: the same model',
  run: 'Send again',
  stop: 'Stop',
  original: 'Original',
  again: 'Replay',
  waiting: 'Waiting for the first byte',
  failed: (status: string) => `The answer was ${status}`,
  refused: 'The request could not be sent again',
  openRecord: 'Open its record',
  noText: 'The answer has no text',
  skipCache: 'Do not answer from the cache',
  stopped: 'Stopped',
} as const;

export const datasetWords = {
  title: (count: string) => (count === '1' ? 'Add to dataset' : `Add ${count} records to a dataset`),
  text: 'A dataset is a list of records for evaluations.',
  existing: 'Dataset',
  new: 'New dataset',
  name: 'Name',
  add: 'Add',
  added: (count: string, name: string) => `${count === '1' ? 'Record' : `${count} records`} added to ${name}`,
  failed: 'This was not added',
  none: 'There is no dataset that is a list of records. Name a new one.',
  nameMissing: 'A dataset needs a name.',
  tooMany: (most: string) => `A list of records has at most ${most}.`,
} as const;

export const compareWords = {
  title: 'Two records side by side',
  back: 'Back to the logs',
  same: 'same',
  differs: 'differs',
  onlyDifferences: 'Only what differs',
  request: 'Request',
  answer: 'Answer',
  firstDifference: (message: string) => `The conversations are the same up to message ${message}`,
  sameConversation: 'Both asked the same',
  field: 'Field',
} as const;
