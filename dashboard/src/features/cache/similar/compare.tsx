import { Button } from '@cloudflare/kumo/components/button';
import { InputArea } from '@cloudflare/kumo/components/input';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Comparison, compareQuestions } from '../../../api/semantic.ts';
import { FailureView } from '../../../components/failure-view.tsx';
import { HostileText } from '../../../components/hostile-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StatusMark, type Tone } from '../../../components/status-mark.tsx';
import { formatFineShare } from '../../../format/numbers.ts';
import { similarWords } from '../../../words/semantic.ts';
import { reasonWords } from '../../../words/semantic-reasons.ts';
import { type Rung, type Step, stepsOf } from './prepare.ts';

const words = similarWords.compare;
const MOST_CHARACTERS = 4096;

/** What the ladder says of two questions that somebody thinks of. What is typed stays on this page. */
export function Compare({ gateway }: { readonly gateway: string }) {
  const [asked, setAsked] = useState('');
  const [stored, setStored] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Comparison | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isTried, setTried] = useState(false);
  const problem = problemOf(asked, stored);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (problem !== null || isBusy) return;
    setBusy(true);
    setError(null);
    setAnswer(null);
    try {
      setAnswer(await compareQuestions(gateway, asked, stored));
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };
  const change = (set: (text: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    setAnswer(null);
  };
  return (
    <Panel title={words.title} className="mb-4">
      <form noValidate className="p-4 pt-1" onSubmit={(event) => void submit(event)}>
        <p className="mb-3 text-sm text-kumo-subtle">{words.text}</p>
        <div className="grid gap-4 sm:grid-cols-2">
          <InputArea label={words.asked} rows={3} value={asked} onChange={change(setAsked)} />
          <InputArea label={words.stored} rows={3} value={stored} onChange={change(setStored)} />
        </div>
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <Button type="submit" variant="primary" loading={isBusy}>
            {words.run}
          </Button>
          <p role="alert" className="text-sm text-kumo-danger">
            {isTried && problem}
          </p>
        </div>
      </form>
      <div role="status">{answer && <Verdict answer={answer} />}</div>
      {error !== null && (
        <div className="px-4 pb-4">
          <FailureView title={words.failed} error={error} />
        </div>
      )}
    </Panel>
  );
}

function problemOf(asked: string, stored: string): string | null {
  if (asked.trim() === '' || stored.trim() === '') return words.missing;
  return Math.max(asked.length, stored.length) > MOST_CHARACTERS ? words.tooLong : null;
}

const TONES: Readonly<Record<Step['outcome'], Tone>> = { passed: 'good', stopped: 'bad', skipped: 'plain' };

function Verdict({ answer }: { readonly answer: Comparison }) {
  return (
    <div className="border-t border-kumo-hairline p-4">
      <h3 className="font-medium">{answer.would_hit ? words.hit : words.miss}</h3>
      <ol className="mt-3 flex flex-col gap-3">
        {stepsOf(answer).map((step) => (
          <li key={step.rung} className="grid gap-x-4 sm:grid-cols-[11rem_1fr]">
            <span className="text-sm">
              <StatusMark tone={TONES[step.outcome]} text={words.steps[step.rung]} />
            </span>
            <span className="min-w-0 text-sm break-words text-kumo-subtle">
              <span className="sr-only">{words.outcome[step.outcome]}: </span>
              {step.outcome === 'stopped' && answer.reason !== null ? (
                <Refusal
                  reason={answer.reason}
                  detail={answer.detail}
                  figures={figureOf(step.rung, answer)}
                />
              ) : step.outcome === 'skipped' ? (
                words.notReached
              ) : (
                (figureOf(step.rung, answer) ?? words.passed[step.rung])
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface RefusalProps {
  readonly reason: string;
  readonly detail: string | null;
  readonly figures: ReactNode;
}

function Refusal({ reason, detail, figures }: RefusalProps) {
  const { name, text } = reasonWords(reason);
  return (
    <>
      <span className="text-kumo-default">
        <HostileText text={name} />
      </span>
      {text !== '' && `. ${text}`}
      {detail !== null && (
        <span className="figures mt-0.5 block text-xs break-all whitespace-pre-wrap">
          {words.detail}: <HostileText text={detail} />
        </span>
      )}
      {figures !== null && <span className="mt-0.5 block text-xs">{figures}</span>}
    </>
  );
}

/** What was measured on a rung; null where nothing was. */
function figureOf(rung: Rung, { similarity, verifier, probability, needed }: Comparison): string | null {
  if (rung === 'similarity' && similarity !== null) return words.similarity(similarity.toFixed(3));
  if (rung === 'verifier' && verifier !== null) return words.verifier(formatFineShare(verifier));
  if (rung === 'probability' && probability !== null)
    return words.probability(formatFineShare(probability), formatFineShare(needed));
  return null;
}
