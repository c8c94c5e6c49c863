/** Field names whose values are never written, whoever put them there. */
const SECRET_NAME =
  /^(?:.*[-_.])?(?:authorization|api[-_]?key|apikey|x-goog-api-key|password|passphrase|secret|token|master[-_]?key|private[-_]?key|cookie|set-cookie|credential|credentials|signature)$/i;

/** Secrets inside text: in a URL's query, after an authentication scheme, in a URL's user part, by their prefix. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [
    /([?&](?:key|api[-_]?key|access_token|token|sig|signature|x-amz-[a-z-]+|x-goog-[a-z-]+)=)[^&\s"'#]+/gi,
    '$1[redacted]',
  ],
  [/\b(Bearer|Basic|Token)\s+[A-Za-z0-9._~+/=:-]{6,}/gi, '$1 [redacted]'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi, '$1[redacted]@'],
  [/\b(?:sk|tg|gsk|xai|pplx|hf|r8)[-_][A-Za-z0-9_-]{12,}/g, '[redacted]'],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, '[redacted]'],
  [/\bAKIA[A-Z0-9]{12,}/g, '[redacted]'],
];

const DEEPEST = 6;
const LONGEST = 8192;

export function redactText(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
  return SECRET_TEXT.reduce((cleaned, [pattern, mark]) => cleaned.replace(pattern, mark), shown);
}

/** A copy that can be written to a log: plain data, cut in depth and length, without secrets. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), depth + 1);
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
  if (value instanceof Map) return redact(Object.fromEntries(value), depth + 1);
  if (value instanceof Set) return redact([...value], depth + 1);
  const copy: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    copy[name] =
      SECRET_NAME.test(name) && inner !== null && typeof inner !== 'boolean' && typeof inner !== 'number'
        ? '[redacted]'
        : redact(inner, depth + 1);
  }
  return copy;
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = { type: error.name, message: redactText(error.message) };
  if ('code' in error) copy.code = redact(error.code, depth + 1);
  if (error.stack) copy.stack = redactText(error.stack);
  if (error.cause !== undefined) copy.cause = redact(error.cause, depth + 1);
  return copy;
}
