import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { useIsDark } from '../browser/theme.ts';
import { chartWords as words } from '../words/charts.ts';
import { bucketSpan, indexAt } from './axis.ts';
import { hexOf } from './colors.ts';
import { GRID } from './grid.ts';
import { marksAt, placeOf, type TimeChartData, totalAt } from './time-chart-data.ts';
import { useDrawn } from './use-drawn.ts';

export interface PlotProps {
  readonly title: string;
  readonly data: TimeChartData;
  readonly kind: 'bars' | 'lines';
  readonly format: (value: number) => string;
  readonly formatAxis: (value: number) => string;
  readonly isolated: string | null;
  /** A stretch was dragged over: epoch ms. */
  readonly onZoom?: ((fromMs: number, toMs: number) => void) | undefined;
  /** A bucket was clicked: its begin and end in epoch ms. */
  readonly onOpen?: ((fromMs: number, toMs: number) => void) | undefined;
}

interface Drag {
  readonly from: number;
  readonly to: number;
}

/** The drawn chart with what lies over it: the value under the pointer, dragging to zoom, the keys. */
export function Plot(props: PlotProps) {
  const { title, data, kind, format, formatAxis, isolated, onZoom, onOpen } = props;
  const [at, setAt] = useState<number | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const overlay = useRef<HTMLButtonElement>(null);
  const canvas = useDrawing({ data, kind, formatAxis, isolated });
  const count = data.starts.length;
  const endOf = (index: number): number => (data.starts[index] ?? 0) + data.intervalMs;

  const indexOf = (event: PointerEvent): number | null => {
    const box = overlay.current?.getBoundingClientRect();
    return box ? indexAt(event.clientX - box.left, box.width, count) : null;
  };
  const open = (index: number): void => onOpen?.(data.starts[index] ?? 0, endOf(index));
  const release = (event: PointerEvent): void => {
    const index = indexOf(event) ?? drag?.to ?? null;
    if (drag !== null && index !== null) {
      const [first, last] = [Math.min(drag.from, index), Math.max(drag.from, index)];
      if (first === last) open(first);
      else onZoom?.(data.starts[first] ?? 0, endOf(last));
    }
    setDrag(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0) setAt(Math.max(0, Math.min(count - 1, (at ?? (step > 0 ? -1 : count)) + step)));
    else if (event.key === 'Enter' && at !== null) open(at);
    else if (event.key === 'Escape') setAt(null);
    else return;
    event.preventDefault();
  };
  const selection = drag ?? null;
  return (
    <div className="relative h-44">
      <div ref={canvas} aria-hidden="true" className="absolute inset-0" />
      <button
        ref={overlay}
        type="button"
        aria-label={words.describe(
          title,
          bucketSpan(data.starts[0] ?? 0, data.intervalMs),
          bucketSpan(data.starts.at(-1) ?? 0, data.intervalMs),
        )}
        className="absolute cursor-crosshair touch-pan-y rounded-sm"
        style={GRID}
        onPointerMove={(event) => {
          const index = indexOf(event);
          setAt(index);
          if (drag !== null && index !== null) setDrag({ ...drag, to: index });
        }}
        onPointerLeave={() => setAt(null)}
        onPointerDown={(event) => {
          const index = indexOf(event);
          if (event.button !== 0 || index === null) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: index, to: index });
        }}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
        onBlur={() => setAt(null)}
        onKeyDown={onKeyDown}
      >
        <Marks data={data} />
        {selection !== null && selection.from !== selection.to && (
          <span
            className="absolute inset-y-0 bg-tide opacity-20"
            style={{
              left: `${(Math.min(selection.from, selection.to) / count) * 100}%`,
              width: `${((Math.abs(selection.to - selection.from) + 1) / count) * 100}%`,
            }}
          />
        )}
        {at !== null && (
          <span
            className="absolute inset-y-0 w-px bg-kumo-interact"
            style={{ left: `${((at + 0.5) / count) * 100}%` }}
          />
        )}
      </button>
      <div role="status" className="pointer-events-none absolute inset-0">
        {at !== null && <Values {...{ data, at, isolated, format }} />}
      </div>
    </div>
  );
}

/** Thin lines; what they mean is told with the values of their bucket. */
function Marks({ data }: { readonly data: TimeChartData }) {
  return (data.marks ?? []).map((mark) => {
    const place = placeOf(data, mark);
    return place === null ? null : (
      <span
        key={`${mark.atMs} ${mark.label}`}
        aria-hidden="true"
        className="absolute inset-y-0 border-l border-dashed border-kumo-line"
        style={{ left: `${place * 100}%` }}
      />
    );
  });
}

const loadDrawing = async () => (await import('./draw.ts')).openChart;

function useDrawing({
  data,
  kind,
  formatAxis,
  isolated,
}: Pick<PlotProps, 'data' | 'kind' | 'formatAxis' | 'isolated'>) {
  const isDark = useIsDark();
  const drawing = useMemo(
    () => ({ data, kind, formatAxis, isolated, isDark }),
    [data, kind, formatAxis, isolated, isDark],
  );
  return useDrawn(loadDrawing, drawing);
}

interface ValuesProps extends Pick<PlotProps, 'data' | 'isolated' | 'format'> {
  readonly at: number;
}

function Values({ data, at, isolated, format }: ValuesProps) {
  const isDark = useIsDark();
  const shown = data.series.filter(
    ({ key, values }) => (isolated === null || key === isolated) && values[at] != null && values[at] !== 0,
  );
  const total = totalAt(data.series, at);
  const before = data.before?.[at];
  const isLeft = at < data.starts.length / 2;
  const count = Math.max(1, data.starts.length);
  // Beside the bucket's whole band, so that it does not cover what it speaks of.
  const share = isLeft ? (at + 1) / count : 1 - at / count;
  const isLast = at === data.starts.length - 1;
  const hasTotal =
    isolated === null && data.series.length > 1 && data.series.every(({ sum }) => sum !== null);
  return (
    <div
      className="absolute top-0 z-10 max-w-64 min-w-40 rounded-md border border-kumo-line bg-kumo-base p-2 text-xs shadow-md"
      style={{
        [isLeft ? 'left' : 'right']:
          `calc(${isLeft ? GRID.left : GRID.right}px + (100% - ${GRID.left + GRID.right}px) * ${share} + 6px)`,
      }}
    >
      <p className="mb-1 text-kumo-subtle">
        {bucketSpan(data.starts[at] ?? 0, data.intervalMs)}
        {isLast && data.isUnfinished && `, ${words.unfinished}`}
      </p>
      {[...new Set(marksAt(data, at).map(({ label }) => label))].map((label) => (
        <p key={label} className="text-kumo-warning">
          {label}
        </p>
      ))}
      {shown.map(({ key, label, color, values }) => (
        <p key={key} className="flex items-center gap-2">
          <span
            className="size-2 shrink-0 rounded-xs"
            style={{ background: hexOf(color ?? 'other', isDark) }}
          />
          <span className="flex-1 truncate">{label}</span>
          <span className="figures text-xs">{format(values[at] ?? 0)}</span>
        </p>
      ))}
      {shown.length === 0 && <p>{total === null ? words.noValue : format(0)}</p>}
      {hasTotal && shown.length > 1 && total !== null && (
        <p className="mt-1 flex justify-between gap-2 border-t border-kumo-hairline pt-1">
          {words.total} <span className="figures text-xs">{format(total)}</span>
        </p>
      )}
      {before != null && isolated === null && (
        <p className="flex justify-between gap-2 text-kumo-subtle">
          {words.before} <span className="figures text-xs">{format(before)}</span>
        </p>
      )}
    </div>
  );
}
