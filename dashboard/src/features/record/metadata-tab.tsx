import { useNavigate } from '@tanstack/react-router';
import type { LogRow } from '../../api/logs.ts';
import { may, type Session } from '../../api/session.ts';
import { HostileText } from '../../components/hostile-text.tsx';
import { encodeFilter } from '../../filters/filter.ts';
import { formatCount } from '../../format/numbers.ts';
import { metadataWords as words } from '../../words/record.ts';
import { FeedbackForm } from './feedback-form.tsx';
import { recordedFields } from './recorded-fields.ts';

interface MetadataTabProps {
  readonly gateway: string;
  readonly log: LogRow;
  readonly session: Session;
}

export function MetadataTab({ gateway, log, session }: MetadataTabProps) {
  const navigate = useNavigate();
  const metadata = Object.entries(log.metadata ?? {});
  const usage = Object.entries(log.usage_metadata ?? {}).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, value] as const] : [],
  );
  const units = Object.entries(log.usage_metadata?.units ?? {});
  const show = (key: string, value: string): void => {
    void navigate({
      to: '/g/$gateway/logs',
      params: { gateway },
      search: { filter: encodeFilter({ key, operator: 'eq', values: [value] }) },
    } as never);
  };
  return (
    <div className="flex flex-col gap-6 p-4">
      {may(session, 'edit') && <FeedbackForm key={log.id} gateway={gateway} log={log} />}
      <section>
        <h3 className="mb-2 text-sm font-medium">{words.metadata}</h3>
        {metadata.length === 0 ? (
          <p className="text-sm text-kumo-subtle">{words.noMetadata}</p>
        ) : (
          <Pairs
            pairs={metadata.map(([key, value]) => [key, String(value)])}
            onShow={(key, value) => show(`metadata:${key}`, value)}
          />
        )}
      </section>
      <section>
        <h3 className="mb-2 text-sm font-medium">{words.usage}</h3>
        {usage.length === 0 ? (
          <p className="text-sm text-kumo-subtle">{words.noUsage}</p>
        ) : (
          <Pairs pairs={[...usage, ...units].map(([name, value]) => [name, formatCount(value)])} />
        )}
        {log.usage_metadata?.estimated && <p className="mt-1 text-xs text-kumo-warning">{words.estimated}</p>}
      </section>
      <section>
        <h3 className="mb-2 text-sm font-medium">{words.fields}</h3>
        <Pairs pairs={recordedFields(log)} />
      </section>
    </div>
  );
}

interface PairsProps {
  readonly pairs: readonly (readonly [string, string])[];
  /** Shows the requests with the same value. */
  readonly onShow?: (key: string, value: string) => void;
}

function Pairs({ pairs, onShow }: PairsProps) {
  return (
    <dl className="text-sm">
      {pairs.map(([key, value]) => (
        <div
          key={key}
          className="grid grid-cols-1 border-t border-kumo-hairline py-1.5 first:border-0 sm:grid-cols-[14rem_1fr] sm:gap-4"
        >
          <dt className="min-w-0 break-words text-kumo-subtle">
            <HostileText text={key} />
          </dt>
          <dd className="figures min-w-0 break-all">
            {onShow ? (
              <button
                type="button"
                title={words.filterBy(key)}
                className="rounded-sm text-left text-kumo-link hover:underline"
                onClick={() => onShow(key, value)}
              >
                <HostileText text={value} />
              </button>
            ) : (
              <HostileText text={value} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
