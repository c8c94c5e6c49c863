import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { Popover } from '@cloudflare/kumo/components/popover';
import { BookmarkSimpleIcon, TrashIcon } from '@phosphor-icons/react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { deleteView, saveView, viewsQuery } from '../../api/views.ts';
import { notify, notifyFailure } from '../../components/toasts.ts';
import { parseSearch, stringifySearch, useAddress } from '../../filters/use-address.ts';
import { logWords as words } from '../../words/logs.ts';
import { addressOfView, viewOfAddress } from './list-state.ts';

interface SavedViewsProps {
  readonly gateway: string;
  readonly mayEdit: boolean;
}

const PAGE = 'logs';

/** Conditions, order and columns under a name, for everyone who looks at this gateway. */
export function SavedViews({ gateway, mayEdit }: SavedViewsProps) {
  const [isOpen, setOpen] = useState(false);
  const { search, change } = useAddress();
  const client = useQueryClient();
  const query = viewsQuery(gateway);
  const { data } = useQuery({ ...query, enabled: isOpen });
  const views = (data ?? []).filter(({ page }) => page === PAGE);
  const refresh = () => client.invalidateQueries({ queryKey: query.queryKey });
  const remove = useMutation({
    mutationFn: (id: string) => deleteView(gateway, id),
    onSuccess: refresh,
    onError: (error) => notifyFailure(words.viewFailed, error),
  });
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={words.views}
        title={words.views}
        className="flex h-9 shrink-0 items-center gap-2 rounded-md border border-kumo-hairline bg-kumo-base px-3 text-sm hover:bg-kumo-tint"
      >
        <BookmarkSimpleIcon size={16} aria-hidden="true" className="text-kumo-subtle" />
        <span className="max-lg:sr-only">{words.views}</span>
      </Popover.Trigger>
      <Popover.Content align="end" className="w-72 p-2">
        {views.length === 0 ? (
          <p className="px-2 py-1.5 text-sm text-kumo-subtle">{words.noViews}</p>
        ) : (
          <ul className="max-h-72 overflow-y-auto">
            {views.map(({ id, name, query: saved }) => (
              <li key={id} className="flex items-center">
                <button
                  type="button"
                  className="h-8 min-w-0 flex-1 truncate rounded-md px-2 text-left text-sm hover:bg-kumo-tint"
                  onClick={() => {
                    setOpen(false);
                    change(addressOfView(parseSearch(saved)));
                  }}
                >
                  <bdi>{name}</bdi>
                </button>
                {mayEdit && (
                  <Button
                    size="xs"
                    variant="ghost"
                    shape="square"
                    aria-label={words.deleteView(name)}
                    title={words.deleteView(name)}
                    icon={<TrashIcon />}
                    onClick={() => remove.mutate(id)}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
        {mayEdit && (
          <SaveForm
            onSave={async (name) => {
              const saved = stringifySearch(viewOfAddress(search)).slice(1);
              await saveView(gateway, { name, page: PAGE, query: saved });
              await refresh();
              notify({ title: words.viewSaved(name), variant: 'success' });
            }}
          />
        )}
      </Popover.Content>
    </Popover>
  );
}

function SaveForm({ onSave }: { readonly onSave: (name: string) => Promise<void> }) {
  const [name, setName] = useState('');
  const { mutate, isPending } = useMutation({
    mutationFn: onSave,
    onSuccess: () => setName(''),
    onError: (error) => notifyFailure(words.viewFailed, error),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') mutate(name.trim());
  };
  return (
    <form noValidate className="mt-2 flex gap-2 border-t border-kumo-hairline px-1 pt-3" onSubmit={submit}>
      <Input
        size="sm"
        aria-label={words.viewName}
        placeholder={words.viewName}
        value={name}
        maxLength={100}
        className="min-w-0 flex-1"
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" size="sm" loading={isPending} disabled={name.trim() === ''}>
        {words.saveView}
      </Button>
    </form>
  );
}
