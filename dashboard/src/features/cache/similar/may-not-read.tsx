import { Panel } from '../../../components/panel.tsx';
import { similarWords as words } from '../../../words/semantic.ts';

/** In place of what shows questions. */
export function MayNotRead({ title }: { readonly title: string }) {
  return (
    <Panel title={title}>
      <p className="px-4 pt-1 pb-6 text-sm text-kumo-subtle">{words.mayNotRead}</p>
    </Panel>
  );
}
