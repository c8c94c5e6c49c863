import { Input, InputArea } from '@cloudflare/kumo/components/input';
import { Switch } from '@cloudflare/kumo/components/switch';
import { playgroundWords as words } from '../../words/playground.ts';
import type { Column } from './columns.ts';
import { ANTHROPIC_MAX_TOKENS } from './formats/anthropic.ts';
import type { ChatFormat } from './formats/format.ts';
import { boundsOf, isParameter, type ParameterName } from './parameters.ts';

interface ParameterFieldsProps {
  readonly id: string;
  readonly column: Column;
  readonly format: ChatFormat;
  /** Of the format, which requires some that others leave out. */
  readonly dialect: string;
  readonly onChange: (column: Column) => void;
}

/** Those that the format has. An empty one is not sent. */
export function ParameterFields({ id, column, format, dialect, onChange }: ParameterFieldsProps) {
  const set = (name: ParameterName, text: string): void =>
    onChange({ ...column, parameters: { ...column.parameters, [name]: text } });
  const fallback = (name: ParameterName): string =>
    name === 'max_tokens' && dialect === 'anthropic' ? String(ANTHROPIC_MAX_TOKENS) : words.parameterDefault;
  return (
    <div id={id} className="grid grid-cols-2 items-start gap-3">
      {format.parameters
        .filter((name) => name !== 'stop')
        .map((name) => {
          const text = column.parameters[name] ?? '';
          return (
            <Input
              key={name}
              size="sm"
              className="w-full"
              label={words.parameterNames[name]}
              value={text}
              placeholder={fallback(name)}
              inputMode={name === 'effort' ? 'text' : 'decimal'}
              autoComplete="off"
              spellCheck={false}
              {...(!isParameter(name, text) && { error: boundsText(name) })}
              onChange={(event) => set(name, event.target.value)}
            />
          );
        })}
      <div className="col-span-2">
        <InputArea
          size="sm"
          className="w-full font-mono"
          label={words.parameterNames.stop}
          description={words.stopHint}
          value={column.parameters.stop ?? ''}
          autoResize
          minRows={1}
          maxRows={4}
          spellCheck={false}
          onChange={(event) => set('stop', event.target.value)}
        />
      </div>
      <div className="col-span-2">
        {format.streams ? (
          <Switch
            size="sm"
            label={words.stream}
            checked={column.isStreamed}
            onCheckedChange={(isStreamed) => onChange({ ...column, isStreamed })}
          />
        ) : (
          <p className="text-xs text-kumo-subtle">{words.cannotStream}</p>
        )}
      </div>
    </div>
  );
}

function boundsText(name: ParameterName): string {
  const bounds = boundsOf(name);
  if (bounds === undefined) return '';
  const say = bounds.isWhole ? words.parameterWrongWhole : words.parameterWrong;
  return say(bounds.least, bounds.most);
}
