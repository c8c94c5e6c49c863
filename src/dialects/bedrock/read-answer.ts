import type { Answer } from '../../core/dialect.ts';
import { emptyUsage, type Usage } from '../../core/usage.ts';
import { type FoundFacts, noFacts } from '../answer-facts.ts';
import { AnswerEvent } from '../answer-stream.ts';
import { anthropicReader } from '../anthropic/read-answer.ts';
import type { DialectReader, StreamFindings } from '../dialect-reader.ts';
import { countOf, type Fields, fieldsOf, listOf, sumOfStated, textOf, within } from '../json-fields.ts';
import { openAiReader } from '../openai/read-answer.ts';
import { failedFacts, readError } from '../read-error.ts';
import { readBedrockHeaders, readBedrockUsage } from './usage.ts';

const METRICS = 'amazon-bedrock-invocationMetrics';

/** InvokeModel (whose bodies are those of the model's maker), Converse, and the event streams of both. */
export const bedrockReader: DialectReader = {
  wanted: {
    ...anthropicReader.wanted,
    stopReason: true,
    inputTokens: true,
    inputTextTokenCount: true,
    prompt_token_count: true,
    generation_token_count: true,
    finish_reason: true,
    results: { tokenCount: true, completionReason: true },
    outputs: { stop_reason: true },
    generations: { finish_reason: true },
    choices: { finish_reason: true, stop_reason: true, message: { refusal: true } },
    [METRICS]: true,
    bytes: true,
  },
  readBody,
  takeEvent,
  needsFirstEvent: true,
  addTexts,
  endingOf,
  readUsage: readBedrockUsage,
  readHeaders: readBedrockHeaders,
};

function readBody(body: unknown, answer: Answer): FoundFacts {
  const fields = fieldsOf(body);
  if (fields?.type === 'message') return anthropicReader.readBody(body, answer);
  const facts = noFacts('whole');
  const error = readError(fields, false);
  if (error) return failedFacts(error);
  if (!fields) return facts;
  facts.model = textOf(fields.model);
  facts.usage = usageOfBody(fields, answer);
  facts.finishReason = finishReasonOf(fields);
  if (facts.finishReason) facts.ending = endingOf(facts.finishReason);
  return facts;
}

function usageOfBody(fields: Fields, answer: Answer): Usage | null {
  if (/count-tokens(\?|$)/.test(answer.endpoint)) {
    // A count that was asked for is no use of a model: it must not be billed.
    const counted = countOf(fields.inputTokens);
    return counted === null ? null : { ...emptyUsage(), units: { counted_tokens: counted } };
  }
  return readBedrockUsage(statedUsage(fields));
}

/** Where the makers of models put their figures: in `usage`, or beside the text. */
function statedUsage(fields: Fields): Fields {
  const usage = fieldsOf(fields.usage) ?? fieldsOf(fields[METRICS]);
  if (usage) return usage;
  // Titan: one count per result.
  let results: number | null = null;
  for (const result of listOf(fields.results).map(fieldsOf)) {
    results = sumOfStated(results, countOf(result?.tokenCount));
  }
  return {
    inputTextTokenCount: fields.inputTextTokenCount,
    prompt_token_count: fields.prompt_token_count,
    generation_token_count: fields.generation_token_count ?? results,
  };
}

function finishReasonOf(fields: Fields): string | null {
  const direct =
    textOf(fields.stopReason) ??
    textOf(fields.stop_reason) ??
    textOf(fields.completionReason) ??
    textOf(fields.finish_reason);
  if (direct !== null) return direct;
  for (const list of [fields.results, fields.outputs, fields.generations, fields.choices]) {
    const first = fieldsOf(listOf(list)[0]);
    const reason =
      textOf(first?.completionReason) ?? textOf(first?.stop_reason) ?? textOf(first?.finish_reason);
    if (reason !== null) return reason;
  }
  return null;
}

/**
 * The event with what it carries. Converse names its frames; Nova on InvokeModel names them by a key inside; all
 * others wrap the maker's own JSON in base64.
 */
function unwrapped(event: AnswerEvent): AnswerEvent {
  const bytes = event.name === 'chunk' ? event.fields?.bytes : null;
  return typeof bytes === 'string'
    ? new AnswerEvent(null, Buffer.from(bytes, 'base64'), false, event.endOffset, bedrockReader.wanted)
    : event;
}

function part(event: AnswerEvent, name: string): Fields | null {
  return event.name === name ? event.fields : fieldsOf(event.fields?.[name]);
}

function takeEvent(framed: AnswerEvent, found: StreamFindings): void {
  const event = unwrapped(framed);
  const fields = event.fields;
  if (!fields) return;
  const metrics = fieldsOf(fields[METRICS]);
  if (metrics) {
    found.ended = true;
    found.usage ??= metrics;
  }
  if (typeof fields.type === 'string') {
    // Anthropic's own figures tell more than the metrics: they split the cache writes.
    const taken = { ...found, usage: countOf(found.usage?.inputTokenCount) === null ? found.usage : null };
    anthropicReader.takeEvent(event, taken);
    Object.assign(found, taken, { usage: taken.usage ?? found.usage });
    return;
  }
  const metadata = part(event, 'metadata');
  if (metadata) {
    found.ended = true;
    found.usage = fieldsOf(metadata.usage) ?? found.usage;
  }
  const stop = part(event, 'messageStop');
  if (stop) found.ended = true;
  const reason = finishReasonOf(stop ?? fields);
  if (reason !== null) {
    found.finishReason ??= reason;
    found.ended = true;
    if (!stop && !found.usage) found.usage = statedUsage(fields);
  }
  found.model ??= textOf(fields.model);
  found.settled = found.ended && found.usage !== null && found.finishReason !== null;
}

function addTexts(framed: AnswerEvent, texts: string[]): void {
  const event = unwrapped(framed);
  const fields = event.fields;
  if (!fields) return;
  if (typeof fields.type === 'string') anthropicReader.addTexts(event, texts);
  else if (fields.choices) openAiReader.addTexts(event, texts);
  const delta = within(part(event, 'contentBlockDelta'), 'delta');
  const tool = within(within(part(event, 'contentBlockStart'), 'start'), 'toolUse');
  const pieces = [
    delta.text,
    within(delta, 'toolUse').input,
    within(delta, 'reasoningContent').text,
    tool.name,
    fields.generation,
    fields.outputText,
    fieldsOf(listOf(fields.outputs)[0])?.text,
  ];
  for (const piece of pieces) if (typeof piece === 'string') texts.push(piece);
}

function endingOf(stopReason: string): ReturnType<DialectReader['endingOf']> {
  switch (stopReason.toLowerCase()) {
    case 'max_tokens':
    case 'length':
    case 'model_context_window_exceeded':
      return 'limit';
    case 'guardrail_intervened':
    case 'content_filtered':
    case 'content_filter':
    case 'refusal':
    case 'error_toxic':
      return 'refused';
    case 'malformed_model_output':
    case 'malformed_tool_use':
    case 'error':
      return 'failed';
    default:
      return 'whole';
  }
}
