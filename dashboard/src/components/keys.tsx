import { isMac } from '../browser/keys.ts';

/** Keys as they stand on a keyboard: `⌘K`, or `g` and `o` one after the other. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className="inline-flex gap-1">
      {keys.split(' ').map((part) => (
        <kbd key={part} className="rounded border border-kumo-line bg-kumo-tint px-1.5 py-0.5 text-xs">
          {showKey(part)}
        </kbd>
      ))}
    </span>
  );
}

function showKey(part: string): string {
  if (part.startsWith('mod+')) return `${isMac ? '⌘' : 'Ctrl '}${part.slice('mod+'.length).toUpperCase()}`;
  return part;
}
