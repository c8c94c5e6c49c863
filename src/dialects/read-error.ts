import { type FoundFacts, noFacts } from './answer-facts.ts';
import type { StreamFindings } from './dialect-reader.ts';
import { type Fields, fieldsOf, listOf, textOf, within } from './json-fields.ts';

export interface AnswerError {
  readonly type: string | null;
  readonly message: string | null;
}

/** The facts of an answer that is an error. */
export function failedFacts(error: AnswerError): FoundFacts {
  return { ...noFacts('failed'), errorType: error.type, errorMessage: error.message };
}

/** Enters that a stream failed; what was said of it first stays, and of some nothing is said. */
export function noteError(error: AnswerError | null, found: StreamFindings): void {
  found.failed = true;
  found.errorType ??= error?.type ?? null;
  found.errorMessage ??= error?.message ?? null;
}

/**
 * The error that a JSON value states, in any of the shapes that providers use; null when it states none. With
 * `isError` the value is known to be one (by its status), and looser shapes (`message`, `detail`) are read too.
 */
export function readError(value: unknown, isError: boolean): AnswerError | null {
  const fields = fieldsOf(Array.isArray(value) ? value[0] : value);
  if (!fields) return isError && typeof value === 'string' ? { type: null, message: textOf(value) } : null;

  const nested = fieldsOf(fields.error);
  if (nested) return ofObject(nested, fields);
  if (typeof fields.error === 'string' && fields.error !== '') {
    return {
      type: textOf(fields.error_type) ?? textOf(fields.type) ?? textOf(fields.code),
      message: textOf(fields.message) ?? textOf(fields.error_description) ?? textOf(fields.error),
    };
  }
  const first = fieldsOf(listOf(fields.errors)[0]);
  if (first) return { type: textOf(first.type) ?? textOf(first.code), message: textOf(first.message) };
  if (fields.type === 'error') {
    return { type: textOf(fields.code) ?? 'error', message: textOf(fields.message) };
  }
  // Mistral says so in `object`, and in a stream nowhere else.
  return isError || fields.object === 'error' ? ofLooseShape(fields) : null;
}

function ofObject(error: Fields, outer: Fields): AnswerError {
  const metadata = within(error, 'metadata');
  const type =
    textOf(error.type) ??
    // Google: `status` is the name, `code` repeats the HTTP status.
    textOf(error.status) ??
    textOf(metadata.error_type) ??
    textOf(error.code) ??
    (outer.type === 'error' ? null : textOf(outer.type));
  return { type, message: textOf(error.message) ?? textOf(error.detail) };
}

function ofLooseShape(fields: Fields): AnswerError {
  const detail = fields.detail;
  const inDetail = fieldsOf(detail) ?? fieldsOf(listOf(detail)[0]);
  return {
    type:
      textOf(fields.type) ??
      textOf(fields.code) ??
      textOf(fields.__type) ??
      textOf(fields.err_code) ??
      textOf(inDetail?.status) ??
      textOf(inDetail?.code) ??
      textOf(inDetail?.type) ??
      textOf(fields.title),
    message:
      textOf(fields.message) ??
      textOf(fields.Message) ??
      textOf(fields.err_msg) ??
      textOf(fields.reason) ??
      (inDetail ? (textOf(inDetail.message) ?? textOf(inDetail.msg)) : textOf(detail)) ??
      textOf(fields.title),
  };
}
