import { Drawer as Primitive } from '@cloudflare/kumo/primitives/drawer';
import type { ReactNode } from 'react';

interface DrawerProps {
  readonly onClose: () => void;
  readonly label: string;
  readonly children: ReactNode;
}

/** The sidebar on a phone: slides over the page, holds the focus, goes with Escape or a tap beside it. */
export function Drawer({ onClose, label, children }: DrawerProps) {
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()} swipeDirection="left">
      <Primitive.Portal>
        <Primitive.Backdrop className="fixed inset-0 z-30 bg-black/40" />
        <Primitive.Viewport className="fixed inset-0 z-40">
          <Primitive.Popup className="h-dvh w-fit bg-kumo-base shadow-lg outline-none" aria-label={label}>
            {children}
          </Primitive.Popup>
        </Primitive.Viewport>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
