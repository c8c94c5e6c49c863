import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type AnalyticsQuestion, analyticsQuery } from '../../api/analytics.ts';
import { TimeChart } from '../../charts/time-chart.tsx';
import { type Mark, OTHER } from '../../charts/time-chart-data.ts';
import { ChangeText } from '../../components/change-text.tsx';
import type { Filter } from '../../filters/filter.ts';
import { logsLink, narrowed } from '../../filters/links.ts';
import { isLive } from '../../filters/time-range.ts';
import type { View } from '../../filters/view.ts';
import { changeOf } from '../../format/numbers.ts';
import { useChanges } from './changes.ts';
import { type ChartSpec, chartSpecs } from './chart-specs.ts';
import { useNames } from './names.ts';
import { NothingHere } from './nothing-here.tsx';
import { totalsOf, valuesBefore } from './prepare.ts';
import { type OverviewState, overviewQuestions } from './questions.ts';

type Questions = ReturnType<typeof overviewQuestions>;

interface ChartsProps {
  readonly gateway: string;
  readonly state: OverviewState;
  readonly onView: (patch: Partial<View>) => void;
}

const REFRESH_MS = 15_000;

export function Charts({ gateway, state, onView }: ChartsProps) {
  const questions = useMemo(() => overviewQuestions(gateway, state, Date.now()), [gateway, state]);
  const specs = useMemo(() => chartSpecs(state.breakDown), [state.breakDown]);
  const marks = useChanges(gateway, state.view.range);
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {specs.map((spec) => (
        <OverviewChart key={spec.title} {...{ spec, questions, gateway, onView, marks }} view={state.view} />
      ))}
    </div>
  );
}

interface OverviewChartProps {
  readonly spec: ChartSpec;
  readonly questions: Questions;
  readonly gateway: string;
  readonly view: View;
  readonly marks: readonly Mark[];
  readonly onView: (patch: Partial<View>) => void;
}

function OverviewChart({ spec, questions, gateway, view, marks, onView }: OverviewChartProps) {
  const navigate = useNavigate();
  const nameOf = useNames(spec.dimension ?? '');
  const live = isLive(view.range);
  const answer = useAnswer(questions[spec.question], live);
  const totals = totalsOf(useAnswer(questions.totals, live).data);
  const before = totalsOf(useAnswer(questions.before, live).data);
  const { data: beforeSeries } = useAnswer(questions.beforeSeries, live);
  const data = useMemo(() => {
    if (answer.data === undefined) return undefined;
    const built = { ...spec.build(answer.data, nameOf), marks };
    if (!spec.canCompare || questions.beforeSeries === undefined) return built;
    return { ...built, before: valuesBefore(beforeSeries, spec.measure, built.starts.length) };
  }, [answer.data, beforeSeries, spec, nameOf, questions.beforeSeries, marks]);
  const note = totals && spec.note?.(totals);

  const open = (fromMs: number, toMs: number, series: string | null): void => {
    const isNamed = spec.dimension !== null && series !== null && series !== OTHER;
    const own: Filter[] = isNamed ? [{ key: spec.dimension ?? '', operator: 'eq', values: [series] }] : [];
    void navigate(logsLink(gateway, narrowed(view, fromMs, toMs, ...own, ...(spec.only ?? []))));
  };
  const isQuiet = totals === undefined || totals.requests === 0;
  return (
    <TimeChart
      title={spec.title}
      kind={spec.kind}
      data={data}
      value={totals ? spec.value(totals) : ' '}
      aside={
        <>
          {note && <span className="text-xs text-kumo-subtle">{note}</span>}
          <ChangeText
            change={changeOf(totals && spec.measure(totals), before && spec.measure(before))}
            moreIs={spec.moreIs}
          />
        </>
      }
      format={spec.format}
      formatAxis={spec.formatAxis}
      isStale={answer.isPlaceholderData}
      error={answer.error}
      onRetry={() => void answer.refetch()}
      onZoom={(fromMs, toMs) => onView({ range: narrowed(view, fromMs, toMs).range })}
      onOpen={open}
      empty={isQuiet ? <NothingHere {...{ gateway, view, onView }} /> : spec.emptyText}
    />
  );
}

const NEVER: AnalyticsQuestion = { range: { from: '-1h', to: 'now' }, gateway: null };

function useAnswer(question: AnalyticsQuestion | undefined, live: boolean) {
  return useQuery({
    ...analyticsQuery(question ?? NEVER),
    enabled: question !== undefined,
    refetchInterval: live ? REFRESH_MS : false,
  });
}
