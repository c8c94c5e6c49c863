import { memo, useMemo } from 'react';
import { visiblePieces } from '../format/visible-text.ts';
import type { DiffPiece } from '../format/word-diff.ts';

interface DiffTextProps {
  readonly pieces: readonly DiffPiece[];
}

/** A stranger's text with the words marked that another one lacks: text and nothing more, as `HostileText` is. */
export const DiffText = memo(function DiffText({ pieces }: DiffTextProps) {
  const shown = useMemo(
    () => pieces.map(({ text, isOwn }) => ({ isOwn, parts: visiblePieces(text) })),
    [pieces],
  );
  return (
    <bdi>
      {shown.map(({ isOwn, parts }, index) => {
        const inside = parts.map(({ text, control }, at) =>
          control === null ? (
            text
          ) : (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
              key={at}
              title={control}
              className="rounded-xs bg-kumo-warning-tint px-0.5 font-mono text-[0.85em] text-kumo-warning [unicode-bidi:isolate]"
            >
              {text}
            </span>
          ),
        );
        return isOwn ? (
          <mark
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            key={index}
            className="rounded-xs bg-kumo-warning-tint font-medium text-kumo-default underline decoration-kumo-warning decoration-2 underline-offset-2"
          >
            {inside}
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <span key={index}>{inside}</span>
        );
      })}
    </bdi>
  );
});
