import { WarningCircleIcon } from '@phosphor-icons/react';
import { Link } from '@tanstack/react-router';
import { HostileText } from '../../components/hostile-text.tsx';
import { playgroundWords as words } from '../../words/playground.ts';
import type { NextStep, Refusal } from './refusal.ts';

interface RefusalViewProps {
  readonly gateway: string;
  readonly status: number;
  readonly refusal: Refusal;
}

/** What happened, in the words of who refused, and the way on. */
export function RefusalView({ gateway, status, refusal }: RefusalViewProps) {
  return (
    <div role="alert" className="flex min-w-0 flex-col gap-1 border-l-2 border-kumo-danger pl-3 text-sm">
      <p className="flex items-center gap-1.5 text-kumo-danger">
        <WarningCircleIcon size={16} aria-hidden="true" />
        {words.refused(status)}
      </p>
      <p className="break-words whitespace-pre-wrap">
        <HostileText text={refusal.message} />
      </p>
      {refusal.next !== null && <Next gateway={gateway} next={refusal.next} />}
    </div>
  );
}

function Next({ gateway, next }: { readonly gateway: string; readonly next: NextStep }) {
  const link = 'self-start text-kumo-link underline underline-offset-2';
  if (next === 'key' || next === 'other-key')
    return (
      <Link to="/providers" search={{ gateway } as never} className={link}>
        {words.next[next]}
      </Link>
    );
  if (next === 'limits')
    return (
      <Link to="/g/$gateway/limits" params={{ gateway } as never} className={link}>
        {words.next.limits}
      </Link>
    );
  if (next === 'sign-in')
    return (
      <Link to="/sign-in" search={{ return: location.pathname + location.search } as never} className={link}>
        {words.next['sign-in']}
      </Link>
    );
  return <p className="text-kumo-subtle">{words.next[next]}</p>;
}
