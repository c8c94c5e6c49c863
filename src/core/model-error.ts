/**
 * Why a model gave nothing: too much waits for it already; a text is longer than it reads; it cannot be loaded or asked.
 * The message is for people and holds nothing of the texts.
 */
export class ModelError extends Error {
  readonly kind: 'busy' | 'too-long' | 'failed';

  constructor(kind: ModelError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.kind = kind;
  }
}
