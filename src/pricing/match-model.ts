import type { ModelFile } from './catalogue.ts';

/**
 * Rules by which a model name is recognised, in one character and a text in lower case. No regular expressions: a
 * catalogue is a file that people exchange, and one pattern in it could stall the gateway.
 *
 * `=text` is it; `^text` begins with it; `$text` ends with it; `*text` has it somewhere;
 * `~text` is it, where `#` stands for a digit; `!rule` does not match the rule.
 */
export function isMatchRule(rule: unknown): rule is string {
  if (typeof rule !== 'string' || rule.length > 256) return false;
  const positive = rule.startsWith('!') ? rule.slice(1) : rule;
  return /^[=^$*~]./.test(positive) && positive === positive.toLowerCase();
}

/** `name` in lower case. */
export function matchesRule(rule: string, name: string): boolean {
  const text = rule.slice(1);
  switch (rule[0]) {
    case '=':
      return name === text;
    case '^':
      return name.startsWith(text);
    case '$':
      return name.endsWith(text);
    case '*':
      return name.includes(text);
    case '~':
      return matchesDigits(text, name);
    case '!':
      return !matchesRule(text, name);
    default:
      return false;
  }
}

function matchesDigits(pattern: string, name: string): boolean {
  if (pattern.length !== name.length) return false;
  for (let i = 0; i < pattern.length; i++) {
    const expected = pattern[i]!;
    const found = name[i]!;
    if (expected === '#' ? found < '0' || found > '9' : expected !== found) return false;
  }
  return true;
}

export function matchesModel({ match }: Pick<ModelFile, 'match'>, name: string): boolean {
  return match.some((rule) =>
    typeof rule === 'string' ? matchesRule(rule, name) : rule.every((part) => matchesRule(part, name)),
  );
}

/**
 * The names under which a model may stand in the catalogue, the likeliest first: as it is; with the date of a snapshot
 * in the other spelling; without it, for a snapshot that is newer than the catalogue.
 */
export function spellings(model: string): string[] {
  const name = model.toLowerCase().replace(/^(?:models|publishers\/[a-z0-9-]+\/models)\//, '');
  const dashed = name.replace(/-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/, '-$1-$2-$3');
  const undated = dashed.replace(/[-@](?:20\d{2}-\d{2}-\d{2}|20\d{6})$/, '');
  return [...new Set([name, dashed, undated])];
}
