import { memo, useMemo } from 'react';
import { type VisiblePiece, visiblePieces } from '../format/visible-text.ts';

interface HostileTextProps {
  readonly text: string;
  /** Occurrences that are marked, whatever their case. */
  readonly mark?: string;
}

/**
 * Text that a stranger wrote: never more than text, kept from turning round what stands beside it, and with nothing in it
 * that is invisible.
 */
export const HostileText = memo(function HostileText({ text, mark = '' }: HostileTextProps) {
  const pieces = useMemo(() => visiblePieces(text), [text]);
  return <bdi>{pieces.map((piece, index) => show(piece, index, mark))}</bdi>;
});

function show({ text, control }: VisiblePiece, index: number, mark: string) {
  if (control !== null) {
    return (
      <span
        key={index}
        title={control}
        className="rounded-xs bg-kumo-warning-tint px-0.5 font-mono text-[0.85em] text-kumo-warning [unicode-bidi:isolate]"
      >
        {text}
      </span>
    );
  }
  return mark === '' ? text : <Marked key={index} text={text} mark={mark} />;
}

function Marked({ text, mark }: { readonly text: string; readonly mark: string }) {
  const inside = text.toLowerCase();
  const wanted = mark.toLowerCase();
  // Some letters grow when they are made small: then nothing is marked rather than the wrong thing.
  if (inside.length !== text.length) return text;
  const parts: (string | { readonly at: number })[] = [];
  let from = 0;
  for (let at = inside.indexOf(wanted); at !== -1; at = inside.indexOf(wanted, from)) {
    if (at > from) parts.push(text.slice(from, at));
    parts.push({ at });
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  return parts.map((part) =>
    typeof part === 'string' ? (
      part
    ) : (
      <mark
        key={part.at}
        className="rounded-xs bg-kumo-warning-tint text-kumo-default outline-1 outline-kumo-warning"
      >
        {text.slice(part.at, part.at + wanted.length)}
      </mark>
    ),
  );
}
