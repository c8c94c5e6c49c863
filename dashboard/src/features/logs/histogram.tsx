import { useQuery } from '@tanstack/react-query';
import { type PointerEvent, useMemo, useRef, useState } from 'react';
import { analyticsQuery } from '../../api/analytics.ts';
import type { TimeRange } from '../../filters/time-range.ts';
import type { View } from '../../filters/view.ts';
import { formatCount } from '../../format/numbers.ts';
import { formatDayTime } from '../../format/times.ts';
import { logWords as words } from '../../words/logs.ts';
import { type Bar, histogramBars, mostRequests, spanOf, stacksOf } from './histogram-data.ts';
import { histogramQuestion } from './histogram-question.ts';

interface HistogramProps {
  readonly gateway: string;
  readonly view: View;
  readonly onZoom: (range: TimeRange) => void;
}

const HEIGHT_PX = 56;
const LEAST_PX = 2;

const FILL = { ok: 'fill-tide', limited: 'fill-kumo-warning', errors: 'fill-kumo-danger' } as const;

/** Where in the range the requests are. A stretch that is dragged over becomes the range. */
export function Histogram({ gateway, view, onZoom }: HistogramProps) {
  const question = histogramQuestion(gateway, view, Date.now());
  // Figures know no free text: they would be those of other rows than the list's.
  const { data, error, isPlaceholderData } = useQuery({
    ...analyticsQuery(question),
    enabled: view.text === '',
  });
  const bars = useMemo(() => {
    if (data === undefined) return [];
    const range = { fromMs: Date.parse(data.from), toMs: Date.parse(data.to) };
    return histogramBars(data.rows, range, data.interval ?? question.interval);
  }, [data, question.interval]);
  if (view.text !== '') return null;
  return (
    <section aria-label={words.histogram} className="mb-3" style={{ height: HEIGHT_PX + 18 }}>
      {error ? (
        <p className="text-xs text-kumo-subtle">
          {words.histogramFailed}: {error.message}
        </p>
      ) : (
        <Bars bars={bars} isStale={isPlaceholderData} onZoom={onZoom} />
      )}
    </section>
  );
}

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly isStale: boolean;
  readonly onZoom: (range: TimeRange) => void;
}

interface Drag {
  readonly from: number;
  readonly to: number;
}

function Bars({ bars, isStale, onZoom }: BarsProps) {
  const box = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const most = mostRequests(bars);
  const width = 100 / Math.max(1, bars.length);
  const pointed = at === null ? null : bars[at];
  const indexAt = (event: PointerEvent): number => {
    const area = box.current!.getBoundingClientRect();
    const share = (event.clientX - area.left) / area.width;
    return Math.min(bars.length - 1, Math.max(0, Math.floor(share * bars.length)));
  };
  const zoom = (one: number, other: number): void => {
    const span = spanOf(bars, one, other);
    if (span) onZoom({ from: new Date(span.fromMs).toISOString(), to: new Date(span.toMs).toISOString() });
  };
  return (
    <>
      <button
        ref={box}
        type="button"
        title={words.histogramHint}
        aria-label={`${words.histogram}. ${pointed ? describe(pointed) : words.histogramHint}`}
        className={`block w-full cursor-crosshair touch-pan-y rounded-sm transition-opacity duration-100 ${isStale ? 'opacity-50' : ''}`}
        onPointerDown={(event) => {
          if (event.button !== 0 || bars.length === 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const index = indexAt(event);
          setDrag({ from: index, to: index });
        }}
        onPointerMove={(event) => {
          if (bars.length === 0) return;
          const index = indexAt(event);
          setAt(index);
          if (drag) setDrag({ ...drag, to: index });
        }}
        onPointerUp={() => {
          if (drag) zoom(drag.from, drag.to);
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') setAt(Math.max(0, (at ?? bars.length) - 1));
          else if (event.key === 'ArrowRight') setAt(Math.min(bars.length - 1, (at ?? -1) + 1));
          else if (event.key === 'Enter' && at !== null) zoom(at, at);
          else return;
          event.preventDefault();
        }}
      >
        <svg
          viewBox={`0 0 100 ${HEIGHT_PX}`}
          preserveAspectRatio="none"
          className="block w-full border-b border-kumo-hairline"
          style={{ height: HEIGHT_PX }}
          aria-hidden="true"
        >
          {bars.map((bar, index) => (
            <g key={bar.fromMs}>
              {stacksOf(bar, most, LEAST_PX / HEIGHT_PX).map(({ kind, from, to }) => (
                <rect
                  key={kind}
                  x={index * width + width * 0.1}
                  width={width * 0.8}
                  y={HEIGHT_PX * (1 - to)}
                  height={HEIGHT_PX * (to - from)}
                  className={`${FILL[kind]} ${at !== null && at !== index && !drag ? 'opacity-60' : ''}`}
                />
              ))}
            </g>
          ))}
          {drag && (
            <rect
              x={Math.min(drag.from, drag.to) * width}
              width={(Math.abs(drag.to - drag.from) + 1) * width}
              y={0}
              height={HEIGHT_PX}
              className="fill-tide/20"
            />
          )}
        </svg>
      </button>
      <p className="mt-0.5 flex justify-between text-xs text-kumo-subtle" aria-hidden="true">
        {pointed ? (
          <span>{describe(pointed)}</span>
        ) : (
          <>
            <span>{bars[0] && formatDayTime(bars[0].fromMs)}</span>
            <span>{bars.length > 0 && formatDayTime(bars.at(-1)!.toMs)}</span>
          </>
        )}
      </p>
    </>
  );
}

const describe = (bar: Bar): string =>
  words.bucket(
    formatDayTime(bar.fromMs),
    formatCount(bar.requests),
    formatCount(bar.errors),
    formatCount(bar.limited),
  );
