import { Button } from '@cloudflare/kumo/components/button';
import { TableIcon } from '@phosphor-icons/react';
import { type ReactNode, useState } from 'react';
import { Panel } from '../components/panel.tsx';
import { chartWords as words } from '../words/charts.ts';

interface ChartPanelProps {
  readonly title: string;
  /** Of the picture, for the way back to it. */
  readonly icon: ReactNode;
  readonly children: (isTable: boolean) => ReactNode;
}

/** The box of a picture whose numbers can be seen as a table instead: by its button, or by T. */
export function ChartPanel({ title, icon, children }: ChartPanelProps) {
  const [isTable, setTable] = useState(false);
  const other = isTable ? words.showChart : words.showTable;
  return (
    <Panel
      title={title}
      actions={
        <Button
          variant="ghost"
          shape="square"
          size="sm"
          title={`${other} (T)`}
          aria-label={`${other}: ${title}`}
          icon={isTable ? icon : <TableIcon />}
          onClick={() => setTable(!isTable)}
        />
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the key is heard from whatever inside has the focus */}
      <div
        className="px-4 pb-3"
        onKeyDown={(event) => {
          if (event.key === 't' && !event.metaKey && !event.ctrlKey) setTable(!isTable);
        }}
      >
        {children(isTable)}
      </div>
    </Panel>
  );
}
