import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { ThumbsDownIcon, ThumbsUpIcon } from '@phosphor-icons/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type LogPatch, type LogRow, logQuery, patchLog } from '../../api/logs.ts';
import { notify, notifyFailure } from '../../components/toasts.ts';
import { metadataWords as words } from '../../words/record.ts';
import { readScore, withComment } from './score.ts';

interface FeedbackFormProps {
  readonly gateway: string;
  readonly log: LogRow;
}

export function useLogPatch(gateway: string, log: LogRow) {
  const client = useQueryClient();
  const key = logQuery(gateway, log.id).queryKey;
  return useMutation({
    mutationFn: (patch: LogPatch) => patchLog(gateway, log.id, patch),
    onSuccess: (changed) => client.setQueryData(key, (before) => before && { ...before, ...changed }),
    onError: (error) => notifyFailure(words.saveFailed, error),
  });
}

/** Thumbs: pressed again, they are taken back. */
export function Thumbs({ gateway, log }: FeedbackFormProps) {
  const { mutate, isPending } = useLogPatch(gateway, log);
  return (
    <span className="inline-flex">
      {([1, -1] as const).map((value) => {
        const isChosen = log.feedback === value;
        const Icon = value === 1 ? ThumbsUpIcon : ThumbsDownIcon;
        return (
          <Button
            key={value}
            variant="ghost"
            shape="square"
            size="sm"
            disabled={isPending}
            aria-pressed={isChosen}
            aria-label={value === 1 ? words.good : words.bad}
            title={value === 1 ? words.good : words.bad}
            icon={<Icon weight={isChosen ? 'fill' : 'regular'} className={isChosen ? 'text-tide' : ''} />}
            onClick={() => mutate({ feedback: isChosen ? null : value })}
          />
        );
      })}
    </span>
  );
}

/** Thumbs, a score, and why: the comment stands in the metadata, where exports and filters find it. */
export function FeedbackForm({ gateway, log }: FeedbackFormProps) {
  const [score, setScore] = useState(log.score === null ? '' : String(log.score));
  const [comment, setComment] = useState(String(log.metadata?.comment ?? ''));
  const [problem, setProblem] = useState('');
  const { mutateAsync, isPending } = useLogPatch(gateway, log);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const value = readScore(score);
    const metadata = withComment(log.metadata, comment);
    if (value === undefined) return setProblem(words.notANumber);
    if (typeof metadata === 'string') return setProblem(words[metadata]);
    setProblem('');
    try {
      await mutateAsync({ score: value, ...(metadata !== undefined && { metadata }) });
      notify({ title: words.saved, variant: 'success' });
    } catch {
      // The mutation has said so.
    }
  };
  return (
    <section>
      <div className="mb-2 flex items-center gap-2">
        <h3 className="text-sm font-medium">{words.feedback}</h3>
        <Thumbs gateway={gateway} log={log} />
      </div>
      <form noValidate className="flex flex-wrap items-end gap-3" onSubmit={(event) => void save(event)}>
        <div className="w-32">
          <Input
            label={words.score}
            title={words.scoreHint}
            inputMode="decimal"
            size="sm"
            value={score}
            className="w-full"
            onChange={(event) => setScore(event.target.value)}
          />
        </div>
        <div className="min-w-48 flex-1">
          <Input
            label={words.comment}
            title={words.commentHint}
            size="sm"
            value={comment}
            className="w-full"
            onChange={(event) => setComment(event.target.value)}
          />
        </div>
        <Button type="submit" size="sm" loading={isPending}>
          {words.save}
        </Button>
      </form>
      <p role="alert" className={`mt-1 text-sm text-kumo-danger ${problem === '' ? 'sr-only' : ''}`}>
        {problem}
      </p>
    </section>
  );
}
