import { Tabs } from '@cloudflare/kumo/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import {
  type Body,
  bodyAddress,
  bodyQuery,
  type LogRow,
  MOST_BODY_BYTES,
  type Side,
} from '../../api/logs.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { HostileText } from '../../components/hostile-text.tsx';
import { SearchedLines } from '../../components/lines/searched-lines.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { formatBytes } from '../../format/numbers.ts';
import { prettyJson } from '../../format/pretty-json.ts';
import { rawWords as words } from '../../words/record.ts';
import { bodyText, headerLines } from './raw-body.ts';

interface RawTabProps {
  readonly gateway: string;
  readonly log: LogRow;
}

/** Request and response as they were: headers that are known, and bodies indented or to the byte. */
export function RawTab({ gateway, log }: RawTabProps) {
  const [side, setSide] = useState<Side>('request');
  return (
    <div className="flex min-w-0 flex-col">
      <div className="px-4 pt-3">
        <Tabs
          className="w-fit"
          size="sm"
          tabs={[
            { value: 'request', label: `${words.request} · ${formatBytes(log.request_size)}` },
            { value: 'response', label: `${words.response} · ${formatBytes(log.response_size)}` },
          ]}
          value={side}
          onValueChange={(value) => setSide(value as Side)}
        />
      </div>
      <section aria-label={words.headers} className="px-4 py-3">
        <div className="overflow-x-auto rounded-md bg-kumo-tint/50 px-3 py-2 font-mono text-xs whitespace-pre">
          {headerLines(log, side).map((line) => (
            <div key={line}>
              <HostileText text={line} />
            </div>
          ))}
        </div>
        <p className="mt-1 text-xs text-kumo-subtle">{words.headersNote}</p>
      </section>
      <BodyOf key={side} gateway={gateway} log={log} side={side} />
    </div>
  );
}

interface BodyOfProps extends RawTabProps {
  readonly side: Side;
}

function BodyOf({ gateway, log, side }: BodyOfProps) {
  const body = useQuery(bodyQuery(gateway, log.id, side));
  return (
    <Loaded query={body} height="h-96" className="px-4 pb-4">
      {(data) =>
        data === null ? (
          <div className="px-4 pb-4 text-sm">
            <p>{words.notKept}</p>
            <p className="text-kumo-subtle">{words.notKeptWhy}</p>
          </div>
        ) : (
          <BodyView body={data} log={log} side={side} download={bodyAddress(gateway, log.id, side)} />
        )
      }
    </Loaded>
  );
}

interface BodyViewProps {
  readonly body: Body;
  readonly log: LogRow;
  readonly side: Side;
  readonly download: string;
}

function BodyView({ body, log, side, download }: BodyViewProps) {
  const [wantsExact, setExact] = useState(false);
  const text = useMemo(() => bodyText(body), [body]);
  const pretty = useMemo(() => (text === null ? null : prettyJson(text)), [text]);
  const isExact = wantsExact || pretty === null;
  const shown = isExact ? text : pretty;
  const size = side === 'request' ? log.request_size : log.response_size;
  const notes = [
    body.isTruncated &&
      (size > body.bytes.length
        ? words.truncated(formatBytes(body.bytes.length), formatBytes(size))
        : words.truncatedPlain),
    body.isCut && words.shownPart(formatBytes(MOST_BODY_BYTES)),
    text === null && words.binary(body.type ?? '?'),
    body.bytes.length === 0 && words.empty,
  ].filter((note) => note !== false);
  return (
    <div className="flex min-w-0 flex-col gap-2 pb-4">
      <div className="flex flex-wrap items-center gap-2 px-4">
        {pretty !== null && (
          <Tabs
            size="sm"
            tabs={[
              { value: 'pretty', label: words.pretty },
              { value: 'exact', label: words.exact },
            ]}
            value={isExact ? 'exact' : 'pretty'}
            onValueChange={(value) => setExact(value === 'exact')}
          />
        )}
        <span className="figures text-kumo-subtle">{formatBytes(body.bytes.length)}</span>
        <a href={download} download className="text-sm text-kumo-link hover:underline">
          {words.download}
        </a>
        {shown !== null && shown !== '' && <CopyButton text={shown} />}
      </div>
      {notes.length > 0 && (
        <ul className="mx-4 rounded-md bg-kumo-warning-tint px-3 py-2 text-sm">
          {notes.map((note) => (
            <li key={note}>
              <HostileText text={note} />
            </li>
          ))}
        </ul>
      )}
      {shown !== null && shown !== '' && (
        <SearchedLines
          label={side === 'request' ? words.request : words.response}
          text={shown}
          isJson={pretty !== null}
          searchLabel={words.search}
        />
      )}
    </div>
  );
}
