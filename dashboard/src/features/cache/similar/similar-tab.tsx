import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type SemanticSummary, semanticSummaryQuery } from '../../../api/semantic.ts';
import { CurveChart } from '../../../charts/curve-chart.tsx';
import { Loaded } from '../../../components/loaded.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StatusMark } from '../../../components/status-mark.tsx';
import type { TimeRange } from '../../../filters/time-range.ts';
import { formatCount, formatFineShare } from '../../../format/numbers.ts';
import { semanticWords as words } from '../../../words/semantic.ts';
import { Counted } from './counted.tsx';
import { CurveFigures } from './curve-figures.tsx';
import { Figures } from './figures.tsx';
import { IntervalBar } from './interval-bar.tsx';
import { curvePoints, endOfScale, standingOf, TONE_OF_STANDING } from './prepare.ts';
import { Reasons } from './reasons.tsx';
import { Off, State } from './state.tsx';

interface SimilarTabProps {
  readonly gateway: string;
  readonly range: TimeRange;
  readonly mayRead: boolean;
  readonly mayEdit: boolean;
}

/** Models are read in within seconds, and what is counted changes with every request. */
const REFRESH_MS = { loading: 3000, otherwise: 30_000 } as const;

/** How answers to similar questions do: what they bring, how often they are wrong, and why there was none. */
export function SimilarTab({ gateway, range, mayRead, mayEdit }: SimilarTabProps) {
  const summary = useQuery({
    ...semanticSummaryQuery(gateway, range),
    refetchInterval: ({ state }) =>
      state.data?.state === 'loading' ? REFRESH_MS.loading : REFRESH_MS.otherwise,
  });
  return (
    <Loaded query={summary} failed={words.loadFailed} height="h-40" count={3} className="">
      {(data) =>
        data.mode === 'off' ? (
          <Off {...{ gateway, mayRead }} />
        ) : (
          <div
            className={`flex flex-col gap-4 transition-opacity duration-100 ${summary.isPlaceholderData ? 'opacity-50' : ''}`}
          >
            <State {...{ gateway, summary: data, mayRead, mayEdit }} />
            <section aria-label={words.figures.title}>
              <Figures gateway={gateway} range={range} summary={data} />
              <div className="mt-1">
                <Counted summary={data} />
              </div>
            </section>
            <div className="grid gap-4 lg:grid-cols-2">
              <ErrorPanel summary={data} />
              <Curve summary={data} />
            </div>
            <Reasons gateway={gateway} summary={data} />
          </div>
        )
      }
    </Loaded>
  );
}

function ErrorPanel({ summary }: { readonly summary: SemanticSummary }) {
  const { error, noise, error_budget: budget, mode } = summary;
  const standing = standingOf(error, budget ?? 1);
  const end = endOfScale([error, noise], budget);
  return (
    <Panel title={words.error.title}>
      <div className="flex flex-col gap-6 p-4 pt-2">
        <IntervalBar
          title={mode === 'shadow' ? words.error.rateWould : words.error.rate}
          share={error}
          end={end}
          budget={budget}
          isBad={standing === 'above'}
        />
        {standing === 'none' ? (
          <p className="text-sm text-kumo-subtle">{words.error.noneText}</p>
        ) : (
          <p className="text-sm whitespace-normal [&>span]:whitespace-normal">
            <StatusMark tone={TONE_OF_STANDING[standing]} text={words.error[standing]} />
          </p>
        )}
        <div>
          <IntervalBar title={words.error.noise} share={noise} end={end} budget={null} isBad={false} />
          <p className="mt-2 text-xs text-kumo-subtle">{words.error.noiseText}</p>
        </div>
      </div>
    </Panel>
  );
}

function Curve({ summary }: { readonly summary: SemanticSummary }) {
  const points = useMemo(() => curvePoints(summary), [summary]);
  const { curve } = words;
  const { operating_point: now } = summary;
  return (
    <CurveChart
      title={curve.title}
      text={
        <>
          {curve.text} {now !== null && curve.pointLine(formatFineShare(now))}
        </>
      }
      words={{
        setting: curve.probability,
        x: curve.axisX,
        y: curve.axisY,
        interval: curve.interval,
        sample: curve.judged,
        now: curve.isNow,
        describe: curve.describe(formatCount(points.length)),
      }}
      points={points}
      figures={<CurveFigures now={points.find(({ isNow }) => isNow)} areas={summary.areas} />}
      format={formatFineShare}
      formatCount={formatCount}
      empty={curve.empty}
    />
  );
}
