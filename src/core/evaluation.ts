/** What can be found out about records, and what each way of doing so must be told. */

export interface ExactMatchParameters {
  /** The text itself; null when it stands in the record's metadata. */
  readonly expected: string | null;
  /** Key of the metadata entry that holds what is expected of this record. */
  readonly metadataKey: string | null;
  readonly ignoreCase: boolean;
}

export interface RegexMatchParameters {
  readonly pattern: string;
  readonly flags: string;
  /** True: an answer that matches fails. */
  readonly negate: boolean;
}

export interface JsonSchemaParameters {
  readonly schema: object | boolean;
}

export type JudgeFormat = 'openai' | 'anthropic' | 'google';

export interface ModelJudgeParameters {
  readonly gateway: string;
  readonly provider: string;
  readonly model: string;
  /** After the provider. */
  readonly path: string;
  readonly format: JudgeFormat;
  readonly instructions: string;
  /** Scores from here on, 0 to 1, pass. */
  readonly passScore: number;
  readonly maxCalls: number;
  readonly maxCostNanos: number;
}

export type EvaluatorChoice =
  | { readonly typeId: 'cost' | 'speed' | 'human_feedback' }
  | { readonly typeId: 'exact_match'; readonly parameters: ExactMatchParameters }
  | { readonly typeId: 'regex_match'; readonly parameters: RegexMatchParameters }
  | { readonly typeId: 'json_schema'; readonly parameters: JsonSchemaParameters }
  | { readonly typeId: 'model_judge'; readonly parameters: ModelJudgeParameters };

export type EvaluationTypeId = EvaluatorChoice['typeId'];

/** The outcome of one type over all records of an evaluation. */
export interface TypeResult {
  readonly typeId: EvaluationTypeId;
  /** A number as text, in the unit of the type; '' when there is none. */
  readonly result: string;
  readonly status: 'in-progress' | 'completed' | 'error';
  readonly description: string;
  /** Records that have a score. */
  readonly scoredLogs: number;
  readonly costNanos: number;
}

export interface EvaluationType {
  readonly id: EvaluationTypeId;
  readonly name: string;
  readonly description: string;
  /** What `result` is: an average of USD, of ms, of scores from 0 to 1, or a share in percent. */
  readonly unit: 'usd' | 'ms' | 'percent' | 'score';
}

/** The first three are those of the hosted API. */
export const EVALUATION_TYPES: readonly EvaluationType[] = [
  { id: 'cost', name: 'Cost', description: 'Average cost of a request, in USD.', unit: 'usd' },
  { id: 'speed', name: 'Speed', description: 'Average duration of a request, in milliseconds.', unit: 'ms' },
  {
    id: 'human_feedback',
    name: 'Human feedback',
    description: 'Share of thumbs up among the logs with feedback, in percent.',
    unit: 'percent',
  },
  {
    id: 'exact_match',
    name: 'Exact match',
    description: 'Share of answers that are the expected text, in percent.',
    unit: 'percent',
  },
  {
    id: 'regex_match',
    name: 'Pattern match',
    description: 'Share of answers that match a regular expression, in percent.',
    unit: 'percent',
  },
  {
    id: 'json_schema',
    name: 'JSON Schema',
    description: 'Share of answers that are JSON and valid under a schema, in percent.',
    unit: 'percent',
  },
  {
    id: 'model_judge',
    name: 'Model as judge',
    description: 'Average score from 0 to 1 that a model gives the answers, asked through a gateway.',
    unit: 'score',
  },
];
