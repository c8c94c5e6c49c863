import { Button } from '@cloudflare/kumo/components/button';
import { Checkbox } from '@cloudflare/kumo/components/checkbox';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConversationObject } from '../../../../src/api/contract/conversation.ts';
import { conversationQuery, logQuery } from '../../api/logs.ts';
import { PartView } from '../../components/conversation/part-view.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { formatCount } from '../../format/numbers.ts';
import { conversationWords, compareWords as words } from '../../words/record.ts';
import { type ComparedField, compareFields, sameMessages } from './compare-records.ts';
import { viewConversation } from './conversation-view.ts';
import { TurnList } from './turn-list.tsx';

interface CompareProps {
  readonly gateway: string;
  readonly ids: readonly [string, string];
  readonly onBack: () => void;
}

/** Two records: what differs, and both answers beside each other. */
export function Compare({ gateway, ids, onBack }: CompareProps) {
  const logs = useQueries({ queries: ids.map((id) => logQuery(gateway, id)) });
  const talks = useQueries({ queries: ids.map((id) => conversationQuery(gateway, id)) });
  const failed = logs.find(({ error }) => error !== null);
  const [left, right] = logs.map(({ data }) => data);
  const [leftTalk, rightTalk] = talks.map(({ data }) => data);
  return (
    <>
      <PageHeader title={words.title}>
        <Button size="sm" onClick={onBack}>
          {words.back}
        </Button>
      </PageHeader>
      {failed ? (
        <FailureView error={failed.error} onRetry={() => void failed.refetch()} />
      ) : left === undefined || right === undefined ? (
        <Skeleton className="h-9 w-full" count={10} />
      ) : (
        <div className="flex flex-col gap-4">
          <Fields gateway={gateway} ids={ids} fields={compareFields(left, right, [leftTalk, rightTalk])} />
          {leftTalk && rightTalk && <Talks left={leftTalk} right={rightTalk} />}
        </div>
      )}
    </>
  );
}

interface FieldsProps {
  readonly gateway: string;
  readonly ids: readonly [string, string];
  readonly fields: readonly ComparedField[];
}

function Fields({ gateway, ids, fields }: FieldsProps) {
  const [onlyDifferences, setOnly] = useState(false);
  const shown = onlyDifferences ? fields.filter(({ differs }) => differs) : fields;
  return (
    <Panel
      title={words.request}
      actions={<Checkbox label={words.onlyDifferences} checked={onlyDifferences} onCheckedChange={setOnly} />}
    >
      <div className="overflow-x-auto px-4 py-2">
        <table className="w-full table-fixed text-left text-sm">
          <thead className="text-xs text-kumo-subtle">
            <tr>
              <th scope="col" className="h-8 w-40 font-normal">
                {words.field}
              </th>
              {ids.map((id) => (
                <th key={id} scope="col" className="truncate px-2 font-normal">
                  <Link
                    to="/g/$gateway/logs/$log"
                    params={{ gateway, log: id } as never}
                    className="figures text-kumo-link hover:underline"
                  >
                    {id}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, left, right, differs }) => (
              <tr key={name} className="border-t border-kumo-hairline">
                <th scope="row" className="py-1.5 font-normal break-words text-kumo-subtle">
                  <HostileText text={name} />
                  {differs && <span className="ml-2 text-xs text-kumo-warning">{words.differs}</span>}
                </th>
                {[left, right].map((value, index) => (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: left and right
                    key={index}
                    className={`figures px-2 break-words ${differs ? 'bg-kumo-warning-tint' : ''}`}
                  >
                    <HostileText text={value} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

interface TalksProps {
  readonly left: ConversationObject;
  readonly right: ConversationObject;
}

function Talks({ left, right }: TalksProps) {
  const same = sameMessages(left, right);
  const isSame = same !== null && same === left.messages.length && same === right.messages.length;
  return (
    <Panel title={words.answer}>
      <p className="px-4 text-sm text-kumo-subtle">
        {isSame
          ? words.sameConversation
          : same !== null && same > 0 && words.firstDifference(formatCount(same))}
      </p>
      <div className="grid grid-cols-1 gap-6 p-4 md:grid-cols-2">
        {[left, right].map((talk, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: left and right
          <Talk key={index} talk={talk} from={isSame ? talk.messages.length : (same ?? 0)} />
        ))}
      </div>
    </Panel>
  );
}

/** What one has that the other has not: its messages from the first that differs, and its answer. */
function Talk({ talk, from }: { readonly talk: ConversationObject; readonly from: number }) {
  const { now } = viewConversation({ ...talk, messages: talk.messages.slice(from), new_from: null });
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {from === 0 &&
        talk.system.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no names, and their order does not change
          <PartView key={index} part={part} lines={3} />
        ))}
      <TurnList turns={now} mark="" finishReason={talk.answer?.finish_reason ?? null} />
      {talk.answer === null && <p className="text-sm text-kumo-subtle">{conversationWords.noAnswer}</p>}
    </div>
  );
}
