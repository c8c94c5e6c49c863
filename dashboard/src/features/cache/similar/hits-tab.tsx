import { Button } from '@cloudflare/kumo/components/button';
import { Select } from '@cloudflare/kumo/components/select';
import { useQuery } from '@tanstack/react-query';
import { similarHitsQuery } from '../../../api/semantic.ts';
import { Loaded } from '../../../components/loaded.tsx';
import { Pager } from '../../../components/pager.tsx';
import { Panel } from '../../../components/panel.tsx';
import { useAddress } from '../../../filters/use-address.ts';
import { similarWords } from '../../../words/semantic.ts';
import { hitsInput, readHitConditions } from '../queries.ts';
import { HitCard } from './hit-card.tsx';
import { MayNotRead } from './may-not-read.tsx';
import { useVerdict } from './verdict.ts';

const words = similarWords.hits;
const EVERY = 'every';

interface HitsTabProps {
  readonly gateway: string;
  readonly mayRead: boolean;
  readonly mayEdit: boolean;
}

export function HitsTab({ gateway, mayRead, mayEdit }: HitsTabProps) {
  return mayRead ? <Hits gateway={gateway} mayEdit={mayEdit} /> : <MayNotRead title={words.title} />;
}

/** Every question that met a similar one, newest first, with both to be compared. */
function Hits({ gateway, mayEdit }: Omit<HitsTabProps, 'mayRead'>) {
  const { search, change } = useAddress();
  const conditions = readHitConditions(search);
  const judge = useVerdict(gateway);
  const list = useQuery(similarHitsQuery(gateway, hitsInput(search)));
  const choose = (name: 'served' | 'verdict') => (value: string | null) =>
    change({ [name]: value === EVERY || value === null ? undefined : value, page: undefined });
  const clear = (): void =>
    change({ served: undefined, verdict: undefined, entry: undefined, page: undefined });
  const isFiltered = Object.values(conditions).some((value) => value !== undefined);
  return (
    <Panel
      title={words.title}
      actions={
        <>
          <Select
            size="sm"
            aria-label={words.filterServed}
            items={words.served}
            value={conditions.served ?? EVERY}
            onValueChange={choose('served')}
          />
          <Select
            size="sm"
            aria-label={words.filterVerdict}
            items={words.verdicts}
            value={conditions.verdict ?? EVERY}
            onValueChange={choose('verdict')}
          />
        </>
      }
    >
      <p className="px-4 pb-3 text-sm text-kumo-subtle">{words.text}</p>
      {conditions.entry !== undefined && (
        <p className="flex flex-wrap items-center gap-3 border-t border-kumo-hairline bg-tide-tint px-4 py-2 text-sm">
          {words.ofEntry}
          <Button size="sm" onClick={() => change({ entry: undefined, page: undefined })}>
            {words.allEntries}
          </Button>
        </p>
      )}
      <Loaded query={list} count={4} height="h-32">
        {(data) =>
          data.rows.length === 0 ? (
            <div className="flex flex-col items-center gap-3 border-t border-kumo-hairline px-4 py-10 text-center text-sm text-kumo-subtle">
              {isFiltered ? words.emptyFiltered : words.empty}
              {isFiltered && (
                <Button size="sm" onClick={clear}>
                  {words.clear}
                </Button>
              )}
            </div>
          ) : (
            <>
              <ol
                aria-label={words.title}
                className={`transition-opacity duration-100 ${list.isPlaceholderData ? 'opacity-50' : ''}`}
              >
                {data.rows.map((hit) => (
                  <HitCard key={hit.id} gateway={gateway} hit={hit} judge={mayEdit ? judge : null} />
                ))}
              </ol>
              <Pager
                info={data.info}
                onPage={(page) => change({ page: page === 1 ? undefined : String(page) })}
              />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
