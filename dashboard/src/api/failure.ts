interface FailureLine {
  readonly code: number;
  readonly message: string;
}

/** A refusal of the management API, or no answer at all (`status` 0). Its message is for people, with the code in it. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly lines: readonly FailureLine[];

  constructor(status: number, lines: readonly FailureLine[], options?: ErrorOptions) {
    super(
      lines.map(({ code, message }) => (code === 0 ? message : `${message} (code ${code})`)).join('; '),
      options,
    );
    this.name = 'ApiFailure';
    this.status = status;
    this.lines = lines;
  }
}

export const isFailure = (error: unknown, status: number): boolean =>
  error instanceof ApiFailure && error.status === status;

/** The envelope's errors, or what can be said of an answer that is none: a proxy's page, an empty body. */
export async function failureOf(response: Response): Promise<ApiFailure> {
  const lines = readLines(await response.text().catch(() => ''));
  if (lines.length > 0) return new ApiFailure(response.status, lines);
  return new ApiFailure(response.status, [
    { code: 0, message: `The gateway answered ${response.status} ${response.statusText}`.trimEnd() },
  ]);
}

function readLines(text: string): FailureLine[] {
  try {
    const body = JSON.parse(text) as { errors?: unknown; error?: unknown };
    const list = Array.isArray(body.errors) ? body.errors : Array.isArray(body.error) ? body.error : [];
    return list.flatMap((line: { code?: unknown; message?: unknown }) =>
      typeof line?.message === 'string' ? [{ code: Number(line.code) || 0, message: line.message }] : [],
    );
  } catch {
    return [];
  }
}
