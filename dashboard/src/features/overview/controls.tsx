import { Select } from '@cloudflare/kumo/components/select';
import { Switch } from '@cloudflare/kumo/components/switch';
import { useQuery } from '@tanstack/react-query';
import { analyticsQuery } from '../../api/analytics.ts';
import { overviewWords as words } from '../../words/overview.ts';
import { BREAK_DOWNS, type OverviewState } from './questions.ts';

const MOST_KEYS = 20;

interface BreakDownControlProps {
  readonly gateway: string;
  readonly state: OverviewState;
  readonly onChange: (dimension: string | null) => void;
}

/** The dimensions that are always there, then the metadata keys that requests of this range have. */
export function BreakDownControl({ gateway, state, onChange }: BreakDownControlProps) {
  const { data } = useQuery(
    analyticsQuery({ gateway, range: state.view.range, groupBy: ['metadata_key'], topLimit: MOST_KEYS }),
  );
  const keys = (data?.rows ?? []).flatMap(({ group }) => (group?.[0] ? [`metadata:${group[0]}`] : []));
  const chosen = state.breakDown;
  const metadata = chosen?.startsWith('metadata:') && !keys.includes(chosen) ? [...keys, chosen] : keys;
  return (
    <Select
      className="text-sm"
      aria-label={words.breakDown}
      value={chosen ?? 'none'}
      onValueChange={(value) => onChange(value === 'none' || value === null ? null : String(value))}
      renderValue={(value) =>
        value === 'none' ? words.breakDown : `${words.breakDown} ${labelOf(String(value)).toLowerCase()}`
      }
    >
      {['none', ...BREAK_DOWNS, ...metadata].map((dimension) => (
        <Select.Option key={dimension} value={dimension}>
          {labelOf(dimension)}
        </Select.Option>
      ))}
    </Select>
  );
}

export function labelOf(dimension: string): string {
  if (dimension.startsWith('metadata:')) return words.metadata(dimension.slice('metadata:'.length));
  return words.breakDowns[dimension as keyof typeof words.breakDowns];
}

interface CompareControlProps {
  readonly isCompared: boolean;
  readonly onChange: (isCompared: boolean) => void;
}

export function CompareControl({ isCompared, onChange }: CompareControlProps) {
  return (
    <span title={words.compareHint} className="flex h-9 items-center text-sm">
      <Switch size="sm" label={words.compare} checked={isCompared} onCheckedChange={onChange} />
    </span>
  );
}
