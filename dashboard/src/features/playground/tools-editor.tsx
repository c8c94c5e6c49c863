import { Button } from '@cloudflare/kumo/components/button';
import { InputArea } from '@cloudflare/kumo/components/input';
import { CaretRightIcon } from '@phosphor-icons/react';
import { useId, useMemo, useState } from 'react';
import { visibleText } from '../../format/visible-text.ts';
import { playgroundWords as words } from '../../words/playground.ts';
import { readTools, type ToolProblem, toolsText } from './tools.ts';

const EXAMPLE = toolsText([
  {
    name: 'get_weather',
    description: 'The weather of a place now.',
    schema: {
      type: 'object',
      properties: {
        location: { type: 'string', description: 'City and country' },
        unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
      },
      required: ['location'],
    },
  },
]);

interface ToolsEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function ToolsEditor({ text, onChange }: ToolsEditorProps) {
  const { tools, problem } = useMemo(() => readTools(text), [text]);
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const isShown = isOpen || problem !== null;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isShown}
        aria-controls={id}
        className="flex h-8 items-center gap-1 rounded-sm text-sm"
        onClick={() => setOpen(!isShown)}
      >
        <CaretRightIcon size={12} aria-hidden="true" className={isShown ? 'rotate-90' : ''} />
        {words.tools}
        {tools.length > 0 && (
          <span className="min-w-0 truncate text-kumo-subtle">{words.toolCount(tools.length)}</span>
        )}
      </button>
      {isShown && (
        <div id={id} className="flex flex-col items-start gap-2 pt-1">
          <InputArea
            aria-label={words.toolsLabel}
            aria-describedby={`${id}-hint`}
            aria-invalid={problem !== null}
            variant={problem === null ? 'default' : 'error'}
            className="w-full font-mono text-[13px]"
            value={text}
            autoResize
            minRows={4}
            maxRows={16}
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
          />
          <p
            id={`${id}-hint`}
            className={`text-xs ${problem === null ? 'text-kumo-subtle' : 'text-kumo-danger'}`}
          >
            {problem === null ? words.toolsHint : problemText(problem)}
          </p>
          {text.trim() === '' && (
            <Button size="sm" onClick={() => onChange(EXAMPLE)}>
              {words.toolsExample}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function problemText(problem: ToolProblem): string {
  switch (problem.kind) {
    case 'name':
    case 'twice':
    case 'schema':
      return words.toolProblems[problem.kind](visibleText(problem.tool.slice(0, 80)));
    default:
      return words.toolProblems[problem.kind];
  }
}
