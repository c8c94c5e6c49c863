import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { PlugsConnectedIcon } from '@phosphor-icons/react';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { FirstRequest } from '../../connect/first-request.tsx';
import { ConnectPanel } from '../../connect/lazy-connect-panel.tsx';
import { overviewWords as words } from '../../words/overview.ts';

/** The button that shows how a client is pointed at this gateway. */
export function ConnectButton({ gateway }: { readonly gateway: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<PlugsConnectedIcon />} onClick={() => setOpen(true)}>
        {words.connect}
      </Button>
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog className="max-h-[85vh] overflow-y-auto p-6" size="xl">
          <Dialog.Title className="mb-4 text-base font-medium">{words.connectTitle(gateway)}</Dialog.Title>
          <ConnectPanel gateway={gateway} />
        </Dialog>
      </Dialog.Root>
    </>
  );
}

/** Instead of charts, while no request has ever come through. */
export function FirstRun({ gateway }: { readonly gateway: string }) {
  return (
    <Panel title={words.connectTitle(gateway)} actions={<FirstRequest gateway={gateway} />}>
      <div className="px-4 pt-2 pb-4">
        <ConnectPanel gateway={gateway} />
      </div>
    </Panel>
  );
}
