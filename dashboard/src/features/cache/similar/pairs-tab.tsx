import { Button } from '@cloudflare/kumo/components/button';
import { ArrowsClockwiseIcon } from '@phosphor-icons/react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { gatewayQuery } from '../../../api/gateways.ts';
import {
  checkWrongPairs,
  deleteWrongPair,
  type PairCheck,
  type WrongPair,
  wrongPairsQuery,
} from '../../../api/semantic.ts';
import { carryOut } from '../../../components/carry-out.ts';
import { confirm } from '../../../components/confirm.tsx';
import { Loaded } from '../../../components/loaded.tsx';
import { Moment } from '../../../components/moment.tsx';
import { Pager } from '../../../components/pager.tsx';
import { Panel } from '../../../components/panel.tsx';
import { Questions } from '../../../components/questions.tsx';
import { StatusMark } from '../../../components/status-mark.tsx';
import { notifyFailure } from '../../../components/toasts.ts';
import { useAddress } from '../../../filters/use-address.ts';
import { formatCount } from '../../../format/numbers.ts';
import { visibleText } from '../../../format/visible-text.ts';
import { similarWords } from '../../../words/semantic.ts';
import { pairsInput } from '../queries.ts';
import { Compare } from './compare.tsx';
import { MayNotRead } from './may-not-read.tsx';
import { Off } from './state.tsx';

const words = similarWords.pairs;
const MOST_OF_NAME = 60;

interface PairsTabProps {
  readonly gateway: string;
  readonly mayRead: boolean;
  readonly mayEdit: boolean;
}

export function PairsTab({ gateway, mayRead, mayEdit }: PairsTabProps) {
  const { data } = useQuery(gatewayQuery(gateway));
  if (!mayRead) return <MayNotRead title={words.title} />;
  const isOff = data !== undefined && (data.semantic_cache?.mode ?? 'off') === 'off';
  return (
    <>
      {isOff ? (
        <div className="mb-4">
          <Off gateway={gateway} mayRead />
        </div>
      ) : (
        <Compare gateway={gateway} />
      )}
      <Pairs gateway={gateway} mayEdit={mayEdit} />
    </>
  );
}

/** Questions that must never meet again, and whether the ladder would tell them apart by itself. */
function Pairs({ gateway, mayEdit }: Omit<PairsTabProps, 'mayRead'>) {
  const { search, change } = useAddress();
  const client = useQueryClient();
  const list = useQuery(wrongPairsQuery(gateway, pairsInput(search)));
  const [check, setCheck] = useState<PairCheck | null>(null);
  const [isBusy, setBusy] = useState(false);
  const tryAgain = async (): Promise<void> => {
    setBusy(true);
    try {
      setCheck(await checkWrongPairs(gateway));
    } catch (failure) {
      notifyFailure(words.checkFailed, failure);
    }
    setBusy(false);
  };
  const remove = async ({ id }: WrongPair): Promise<void> => {
    const question = { title: words.removeTitle, text: words.removeText, action: words.remove };
    if (!(await confirm({ ...question, isDangerous: true }))) return;
    await carryOut(() => deleteWrongPair(gateway, id), { done: words.removed, failed: words.removeFailed });
    await client.invalidateQueries({ queryKey: ['semantic', gateway, 'wrong-pairs'] });
  };
  const hasPairs = (list.data?.rows.length ?? 0) > 0;
  return (
    <Panel
      title={words.title}
      actions={
        mayEdit &&
        hasPairs && (
          <Button
            size="sm"
            icon={<ArrowsClockwiseIcon />}
            title={words.checkHint}
            loading={isBusy}
            onClick={() => void tryAgain()}
          >
            {words.check}
          </Button>
        )
      }
    >
      <p className="px-4 pb-3 text-sm text-kumo-subtle">{words.text}</p>
      <div role="status">{check && <Checked check={check} />}</div>
      <Loaded query={list} count={3} height="h-20">
        {(data) =>
          !hasPairs ? (
            <p className="border-t border-kumo-hairline px-4 py-8 text-center text-sm text-kumo-subtle">
              {words.empty}
            </p>
          ) : (
            <>
              <ul
                aria-label={words.title}
                className={`transition-opacity duration-100 ${list.isPlaceholderData ? 'opacity-50' : ''}`}
              >
                {data.rows.map((pair) => (
                  <li key={pair.id} className="border-t border-kumo-hairline p-4">
                    <Questions asked={pair.asked} stored={pair.stored} />
                    <div className="mt-3 flex flex-wrap items-center justify-between gap-3 text-xs text-kumo-subtle">
                      <span className="flex flex-wrap gap-x-4">
                        <Moment at={pair.created_at} isRelative />
                        {check?.would_hit.includes(pair.id) && (
                          <StatusMark tone="warning" text={words.meets} />
                        )}
                      </span>
                      {mayEdit && (
                        <Button
                          size="sm"
                          aria-label={words.removeLabel(visibleText(pair.asked.slice(0, MOST_OF_NAME)))}
                          onClick={() => void remove(pair)}
                        >
                          {words.remove}
                        </Button>
                      )}
                    </div>
                  </li>
                ))}
              </ul>
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

function Checked({ check }: { readonly check: PairCheck }) {
  const meeting = check.would_hit.length;
  return (
    <p
      className={`border-t border-kumo-hairline px-4 py-2 text-sm ${meeting > 0 ? 'bg-kumo-warning-tint' : 'bg-kumo-success-tint'}`}
    >
      {words.checked(formatCount(check.checked))}{' '}
      {meeting === 0 ? words.allApart : words.someMeet(formatCount(meeting))}
    </p>
  );
}
