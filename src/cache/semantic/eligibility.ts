import type { SemanticReason } from '../../core/semantic.ts';
import { type ExactJson, readExactJson } from './exact-json.ts';
import { textRefusal } from './plain-english.ts';
import { type AskedFor, findQuestion, isGiven, type QuestionPlace } from './request-shapes.ts';

/** Of a request that has one short question. */
export const MOST_BODY_BYTES = 64 * 1024;

export interface Eligible {
  readonly place: QuestionPlace;
  /** Of the parsed body, the question still in it. */
  readonly body: ExactJson;
}

export interface EligibilityOptions extends AskedFor {
  readonly model: string | null;
  /** Greatest temperature that still asks for one answer. */
  readonly maxTemperature: number;
  /** How long an answer is kept: what is said of the present may be given again for minutes only. */
  readonly ttlSeconds: number;
}

/** Fields that let a model reach beyond the request, at the top level or among the settings of a generation. */
const TOOL_FIELDS =
  /^(?:tools?|functions?|function_?call|tool_?(?:choice|config|resources)|mcp_?servers?|connectors|plugins|web_?search(?:_options)?|search_(?:parameters|mode|options|recency_filter|domain_filter|queries_only)|enable_search|container|citation_options|documents|data_sources|retrieval|grounding|compound_custom)$/i;
/** Models that search by themselves: their answers are of the day. */
const SEARCHING_MODELS = /:online$|(?:^|\/)sonar|search-(?:preview|api)|deep-research|(?:^|[/-])compound/i;

const CHOICE_FIELDS = ['n', 'best_of', 'candidateCount', 'candidate_count', 'num_generations'];
const SETTINGS_FIELDS = ['generationConfig', 'generation_config', 'options'];

/** The question of a request when it is one for the semantic cache, or why it is not. Takes the body without its content encoding. */
export function findEligible(bytes: Buffer, options: EligibilityOptions): Eligible | SemanticReason {
  if (bytes.length > MOST_BODY_BYTES) return 'too-long';
  const body = readExactJson(bytes);
  if (body === null) return 'format';
  const place = findQuestion(body, options);
  if (typeof place === 'string') return place;
  const settings = [body, ...SETTINGS_FIELDS.map((name) => body[name]).filter(isObject)];
  const refusal =
    (options.model !== null && SEARCHING_MODELS.test(options.model) ? 'tools' : null) ??
    settingsRefusal(settings, options.maxTemperature) ??
    textRefusal(place.text, options.ttlSeconds);
  return refusal ?? { place, body };
}

function settingsRefusal(
  settings: readonly Record<string, unknown>[],
  maxTemperature: number,
): SemanticReason | null {
  for (const fields of settings) {
    for (const [name, value] of Object.entries(fields)) {
      if (TOOL_FIELDS.test(name) && isGiven(value)) return 'tools';
    }
    for (const name of CHOICE_FIELDS) if (isGiven(fields[name]) && fields[name] !== 1) return 'format';
    const { temperature } = fields;
    if (isGiven(temperature) && !(typeof temperature === 'number' && temperature <= maxTemperature))
      return 'temperature';
    if (asksForMedia(fields.modalities ?? fields.responseModalities)) return 'attachments';
  }
  return null;
}

function asksForMedia(modalities: unknown): boolean {
  return (
    isGiven(modalities) && !(Array.isArray(modalities) && modalities.every((one) => /^text$/i.test(one)))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
