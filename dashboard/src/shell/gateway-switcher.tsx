import { Popover } from '@cloudflare/kumo/components/popover';
import { CaretUpDownIcon, CheckIcon, StackIcon } from '@phosphor-icons/react';
import { useQuery } from '@tanstack/react-query';
import { useMatches, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { gatewaysQuery } from '../api/gateways.ts';
import { PAGES } from '../pages.tsx';
import { shellWords as words } from '../words/shell.ts';
import { useGatewayOfAddress, useRecentGateways } from './use-gateway.ts';

const MOST_SHOWN = 200;

/** Type to filter, recent first; choosing keeps the kind of page. */
export function GatewaySwitcher({ isNarrow }: { readonly isNarrow: boolean }) {
  const gateway = useGatewayOfAddress();
  const [isOpen, setOpen] = useState(false);
  const name = gateway ?? words.allGateways;
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={`${words.switchGateway}: ${name}`}
        title={isNarrow ? name : undefined}
        className={`flex h-9 items-center gap-2 rounded-md border border-kumo-hairline bg-kumo-base px-2 text-left text-sm hover:bg-kumo-tint ${isNarrow ? 'justify-center' : ''}`}
      >
        <StackIcon size={18} aria-hidden="true" className="shrink-0 text-tide" />
        {!isNarrow && (
          <>
            <span className="flex-1 truncate font-medium">{name}</span>
            <CaretUpDownIcon size={14} aria-hidden="true" className="shrink-0 text-kumo-subtle" />
          </>
        )}
      </Popover.Trigger>
      <Popover.Content align="start" className="w-72 p-1">
        <Popover.Title className="sr-only">{words.switchGateway}</Popover.Title>
        <Choices current={gateway} onChosen={() => setOpen(false)} />
      </Popover.Content>
    </Popover>
  );
}

interface ChoicesProps {
  readonly current: string | undefined;
  readonly onChosen: () => void;
}

function Choices({ current, onChosen }: ChoicesProps) {
  const { data: gateways = [] } = useQuery(gatewaysQuery);
  const recent = useRecentGateways();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const navigate = useNavigate();
  const fullPath = useMatches().at(-1)?.fullPath;
  const ids = orderGateways(
    gateways.map(({ id }) => id),
    recent,
    text,
  ).slice(0, MOST_SHOWN);
  const choices: (string | null)[] = text === '' ? [null, ...ids] : ids;

  const choose = (id: string | null): void => {
    onChosen();
    if (id === null) void navigate({ to: '/' });
    else {
      const page = PAGES.find(({ path, place }) => place === 'gateway' && path === fullPath);
      void navigate({
        to: page?.path ?? '/g/$gateway/overview',
        params: { gateway: id } as never,
      });
    }
  };
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: the popup opens to be typed into
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="gateway-choices"
        aria-activedescendant={`gateway-choice-${at}`}
        aria-label={words.findGateway}
        placeholder={words.findGateway}
        value={text}
        className="mb-1 h-9 w-full rounded-md border border-kumo-hairline bg-kumo-base px-2 text-sm"
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(at + 1, choices.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else if (event.key === 'Enter' && choices[at] !== undefined) choose(choices[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div
        id="gateway-choices"
        role="listbox"
        aria-label={words.switchGateway}
        className="max-h-80 overflow-y-auto"
      >
        {choices.map((id, index) => (
          <div
            key={id ?? ''}
            id={`gateway-choice-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={id === (current ?? null)}
            className={`flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm ${index === at ? 'bg-kumo-tint' : ''}`}
            onMouseMove={() => setAt(index)}
            onClick={() => choose(id)}
            onKeyDown={() => {}}
          >
            <span className="flex-1 truncate">{id ?? words.allGateways}</span>
            {id === (current ?? null) && <CheckIcon size={14} aria-hidden="true" className="text-tide" />}
          </div>
        ))}
        {choices.length === 0 && <p className="px-2 py-3 text-sm text-kumo-subtle">{words.noGatewayFound}</p>}
      </div>
    </>
  );
}

/** Those whose id has the text: recent ones first, then by id. */
export function orderGateways(ids: readonly string[], recent: readonly string[], text: string): string[] {
  const wanted = text.trim().toLowerCase();
  const rank = (id: string): number => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  return ids
    .filter((id) => id.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
