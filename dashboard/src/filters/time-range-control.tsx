import { Button } from '@cloudflare/kumo/components/button';
import { Popover } from '@cloudflare/kumo/components/popover';
import { CalendarBlankIcon, CheckIcon } from '@phosphor-icons/react';
import { useId, useState } from 'react';
import { filterWords as words } from '../words/filters.ts';
import { rangeLabel } from './range-label.ts';
import { instantsOf, PRESETS, type TimeRange } from './time-range.ts';

interface TimeRangeControlProps {
  readonly range: TimeRange;
  readonly onChange: (range: TimeRange) => void;
}

export function TimeRangeControl({ range, onChange }: TimeRangeControlProps) {
  const [isOpen, setOpen] = useState(false);
  const label = rangeLabel(range, Date.now());
  const choose = (next: TimeRange): void => {
    setOpen(false);
    onChange(next);
  };
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={`${words.range}: ${label}`}
        className="flex h-9 shrink-0 items-center gap-2 rounded-md border border-kumo-hairline bg-kumo-base px-3 text-sm hover:bg-kumo-tint"
      >
        <CalendarBlankIcon size={16} aria-hidden="true" className="text-kumo-subtle" />
        {label}
      </Popover.Trigger>
      <Popover.Content align="end" className="w-64 p-2">
        <Popover.Title className="sr-only">{words.range}</Popover.Title>
        <ul>
          {PRESETS.map((from) => {
            const isChosen = range.from === from && range.to === 'now';
            return (
              <li key={from}>
                <button
                  type="button"
                  aria-pressed={isChosen}
                  className="flex h-8 w-full items-center justify-between rounded-md px-2 text-left text-sm hover:bg-kumo-tint"
                  onClick={() => choose({ from, to: 'now' })}
                >
                  {words.presets[from]}
                  {isChosen && <CheckIcon size={14} aria-hidden="true" className="text-tide" />}
                </button>
              </li>
            );
          })}
        </ul>
        <Custom range={range} onChange={choose} />
      </Popover.Content>
    </Popover>
  );
}

/** `2026-11-22T14:00` in the viewer's zone: what the browser's own field reads and writes. */
function localText(instantMs: number): string {
  const offset = new Date(instantMs).getTimezoneOffset() * 60_000;
  return new Date(instantMs - offset).toISOString().slice(0, 16);
}

function Custom({ range, onChange }: TimeRangeControlProps) {
  const id = useId();
  const [{ fromMs, toMs }] = useState(() => instantsOf(range, Date.now()));
  const [from, setFrom] = useState(() => localText(fromMs));
  const [to, setTo] = useState(() => localText(toMs));
  const [problem, setProblem] = useState('');
  const inputs = [
    [words.from, from, setFrom],
    [words.to, to, setTo],
  ] as const;
  return (
    <form
      className="mt-2 flex flex-col gap-2 border-t border-kumo-hairline px-2 pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        const [start, end] = [new Date(from).getTime(), new Date(to).getTime()];
        if (!(start < end)) setProblem(words.badRange);
        else onChange({ from: new Date(start).toISOString(), to: new Date(end).toISOString() });
      }}
    >
      {inputs.map(([label, value, set]) => (
        <label
          key={label}
          htmlFor={`${id}${label}`}
          className="flex items-center justify-between gap-2 text-xs"
        >
          <span className="text-kumo-subtle">{label}</span>
          <input
            id={`${id}${label}`}
            type="datetime-local"
            value={value}
            className="h-8 rounded-md border border-kumo-hairline bg-kumo-base px-2 text-xs"
            onChange={(event) => set(event.target.value)}
          />
        </label>
      ))}
      {problem !== '' && (
        <p role="alert" className="text-xs text-kumo-danger">
          {problem}
        </p>
      )}
      <Button type="submit" size="sm" className="self-end">
        {words.apply}
      </Button>
    </form>
  );
}
