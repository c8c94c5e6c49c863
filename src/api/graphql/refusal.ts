/** Why a query got no data. The codes are for programs; the hosted API names `authz` alone. */
export type RefusalCode = 'authz' | 'syntax' | 'validation' | 'limit' | 'unavailable';

/** A refusal with a message for the caller. */
export class QueryRefusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;

  constructor(status: number, code: RefusalCode, message: string) {
    super(message);
    this.name = 'QueryRefusal';
    this.status = status;
    this.code = code;
  }
}

export const overLimit = (message: string): QueryRefusal => new QueryRefusal(400, 'limit', message);
export const notUnderstood = (message: string): QueryRefusal => new QueryRefusal(400, 'validation', message);
