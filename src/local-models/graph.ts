import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Tokens } from './tokens.ts';

export type Runtime = typeof import('onnxruntime-node');

/** An output of one run: its numbers, and its form without the batch of one. */
export interface Output {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/**
 * A model, run for one text or pair at a time. Models with int8 weights choose the scale of their numbers by all that
 * is in a batch: together with others, a text would get another vector than alone, by the texts of strangers.
 */
export class Graph {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #output: string;

  private constructor(runtime: Runtime, session: InferenceSession, output: string) {
    this.#runtime = runtime;
    this.#session = session;
    this.#output = output;
  }

  /** `usualOutputs`: names to look for where `output` is null and the graph has several. */
  static async load(
    runtime: Runtime,
    path: string,
    output: string | null,
    usualOutputs: readonly string[],
  ): Promise<Graph> {
    const session = await runtime.InferenceSession.create(path, {
      // One thread: the rest of the machine is for requests.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    const names = session.outputNames;
    const found =
      output ?? (names.length === 1 ? names[0] : usualOutputs.find((usual) => names.includes(usual)));
    if (found === undefined || !names.includes(found))
      throw new Error(`the model has no output ${output ?? 'with a usual name'}, but ${names.join(', ')}`);
    const unknown = session.inputNames.filter((name) => !(name in INPUTS));
    if (unknown.length > 0) throw new Error(`the model wants an input that is not known: ${unknown[0]}`);
    return new Graph(runtime, session, found);
  }

  async run(tokens: Tokens): Promise<Output> {
    const feeds: Record<string, Tensor> = {};
    for (const name of this.#session.inputNames) {
      const values = BigInt64Array.from(INPUTS[name]!(tokens), BigInt);
      feeds[name] = new this.#runtime.Tensor('int64', values, [1, values.length]);
    }
    const outputs = await this.#session.run(feeds, [this.#output]);
    const { data, dims } = outputs[this.#output]!;
    if (!(data instanceof Float32Array) || dims[0] !== 1)
      throw new Error(`output ${this.#output} is no float32 for each text`);
    return { data, shape: dims.slice(1) };
  }
}

const INPUTS: Readonly<Record<string, (tokens: Tokens) => readonly number[]>> = {
  input_ids: ({ ids }) => ids,
  attention_mask: ({ ids }) => ids.map(() => 1),
  token_type_ids: ({ typeIds }) => typeIds,
  position_ids: ({ ids }) => ids.map((_, position) => position),
};
