import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../format/numbers.ts';
import { HostileText } from '../hostile-text.tsx';
import { jsonSpans, type Match, type TextRow, textRows } from './text-rows.ts';

interface LinesViewProps {
  readonly label: string;
  readonly text: string;
  readonly rows: readonly TextRow[];
  readonly isJson: boolean;
  readonly mark: string;
  /** The match that was gone to; it is scrolled into sight. */
  readonly match: Match | null;
}

const ROW_PX = 20;
const OVERSCAN = 20;

const SPAN_CLASS = {
  plain: '',
  key: 'text-kumo-subtle',
  string: '',
  literal: 'text-tide',
} as const;

/** A text of any length as lines of a fixed height: only those in sight are in the page. */
export function LinesView({ label, text, rows, isJson, mark, match }: LinesViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (match) virtualizer.scrollToIndex(match.row, { align: 'center' });
  }, [match, virtualizer]);
  const digits = String(rows.findLast(({ line }) => line !== null)?.line ?? 1).length;
  return (
    <section
      ref={scroller}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by key
      tabIndex={0}
      className="h-[60vh] max-h-full min-h-40 overflow-auto bg-kumo-base"
    >
      <div className="relative font-mono text-[13px]" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          return (
            <div
              key={item.key}
              className={`absolute inset-x-0 flex leading-5 ${match?.row === item.index ? 'bg-tide-tint' : ''}`}
              style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
            >
              <span
                aria-hidden="true"
                className="shrink-0 pr-3 pl-2 text-right text-kumo-subtle select-none"
                style={{ minWidth: `calc(${digits}ch + 1.25rem)` }}
              >
                {row.line === null ? '' : formatCount(row.line)}
              </span>
              <span className="whitespace-pre">
                <Line
                  text={text.slice(row.from, row.to)}
                  inString={row.inString}
                  isJson={isJson}
                  mark={mark}
                />
              </span>
            </div>
          );
        })}
      </div>
    </section>
  );
}

interface LineProps {
  readonly text: string;
  readonly inString: boolean;
  readonly isJson: boolean;
  readonly mark: string;
}

function Line({ text, inString, isJson, mark }: LineProps) {
  if (!isJson || mark !== '') return <HostileText text={text} mark={mark} />;
  let at = 0;
  return jsonSpans(text, inString).map((span) => {
    const key = at;
    at += span.text.length;
    return (
      <span key={key} className={SPAN_CLASS[span.kind]}>
        <HostileText text={span.text} />
      </span>
    );
  });
}

const LONGEST_ROW = 400;
/** Width of a character of the monospaced face at its size, and of numbers and scroll bar beside the text. */
const CHARACTER_PX = 7.9;
const BESIDE_PX = 90;

/** Rows of a text for the width of an element; made anew when that changes by a lot. */
export function useTextRows(text: string): {
  readonly rows: readonly TextRow[];
  readonly ref: (element: HTMLElement | null) => void;
} {
  const [columns, setColumns] = useState(100);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const width = entry?.contentRect.width ?? 0;
      if (width > 0)
        setColumns(Math.min(LONGEST_ROW, Math.floor((width - BESIDE_PX) / CHARACTER_PX / 4) * 4));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  const rows = useMemo(() => textRows(text, columns), [text, columns]);
  return { rows, ref: setElement };
}
