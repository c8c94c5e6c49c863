import { notify, notifyFailure } from './toasts.ts';

interface Telling<Result> {
  readonly done: string | ((result: Result) => string);
  readonly failed: string;
}

/** Does what the reader asked for and says how it went. True when it was done. */
export async function carryOut<Result>(
  work: () => Promise<Result>,
  { done, failed }: Telling<Result>,
): Promise<boolean> {
  try {
    const result = await work();
    notify({ title: typeof done === 'string' ? done : done(result), variant: 'success' });
    return true;
  } catch (error) {
    notifyFailure(failed, error);
    return false;
  }
}
