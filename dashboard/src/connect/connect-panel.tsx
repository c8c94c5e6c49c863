import { Tabs } from '@cloudflare/kumo/components/tabs';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { currentAccount } from '../api/client.ts';
import { gatewayQuery } from '../api/gateways.ts';
import { stored } from '../browser/stored.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { connectWords as words } from '../words/connect.ts';
import { baseAddress, type Endpoint, type Snippet } from './endpoint.ts';
import { PROVIDER_FORMS } from './provider-forms.ts';
import { CLIENTS, type Client, snippetsFor, takesProvider } from './snippets.ts';

const client = stored<Client>('client', 'curl');

/** The gateway's own address, and what to type in each client to use it. */
export function ConnectPanel({ gateway }: { readonly gateway: string }) {
  const { data } = useQuery(gatewayQuery(gateway));
  const chosen = client.use();
  const [provider, setProvider] = useState('openai');
  const endpoint: Endpoint = {
    origin: location.origin,
    account: currentAccount(),
    gateway,
    needsToken: data?.authentication ?? true,
  };
  const address = baseAddress(endpoint);
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div>
        <p className="mb-1 text-xs text-kumo-subtle">{words.address}</p>
        <p className="flex items-center gap-1">
          <code className="figures truncate rounded-md bg-kumo-tint px-2 py-1">{address}</code>
          <CopyButton text={address} label={words.copy(words.address)} />
        </p>
      </div>
      <div className="overflow-x-auto pb-1">
        <Tabs
          size="sm"
          variant="segmented"
          tabs={CLIENTS.map((value) => ({ value, label: words.clients[value] }))}
          value={chosen}
          onValueChange={(value) => client.set(value as Client)}
        />
      </div>
      {takesProvider(chosen) && (
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">{words.provider}</legend>
          {PROVIDER_FORMS.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              aria-pressed={provider === id}
              className={`h-7 rounded-md px-2 text-xs ${provider === id ? 'bg-tide-tint font-medium' : 'text-kumo-subtle hover:bg-kumo-tint'}`}
              onClick={() => setProvider(id)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      )}
      {snippetsFor(chosen, provider, endpoint).map((snippet) => (
        <SnippetBox key={snippet.place} snippet={snippet} />
      ))}
      <p className="text-xs text-kumo-subtle">
        {endpoint.needsToken ? words.tokenNote : words.openNote}{' '}
        {chosen === 'pi' ? words.piNote : words.keyNote}
      </p>
    </div>
  );
}

function SnippetBox({ snippet: { place, text } }: { readonly snippet: Snippet }) {
  return (
    <figure className="min-w-0 overflow-hidden rounded-md border border-kumo-hairline">
      <figcaption className="flex h-8 items-center justify-between border-b border-kumo-hairline bg-kumo-tint pr-1 pl-3 text-xs text-kumo-subtle">
        {place}
        <CopyButton text={text} label={words.copy(place)} size="xs" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <pre className="overflow-x-auto p-3 text-xs leading-5" tabIndex={0}>
        {text}
      </pre>
    </figure>
  );
}
