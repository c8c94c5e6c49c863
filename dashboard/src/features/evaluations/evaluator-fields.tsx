import { Checkbox } from '@cloudflare/kumo/components/checkbox';
import { Input, InputArea } from '@cloudflare/kumo/components/input';
import type { EvaluationTypeId } from '../../api/evaluations.ts';
import { evaluationsWords as words } from '../../words/evaluations.ts';
import { readSchema, type Typed } from './prepare.ts';

interface EvaluatorFieldsProps {
  readonly type: EvaluationTypeId;
  readonly typed: Typed;
  readonly onChange: (typed: Typed) => void;
}

/** What a type needs to know; nothing for those that only reckon. */
export function EvaluatorFields({ type, typed, onChange }: EvaluatorFieldsProps) {
  const set = (patch: Partial<Typed>): void => onChange({ ...typed, ...patch });
  const box = 'mt-2 ml-6 flex flex-col gap-3 border-l-2 border-kumo-hairline pl-3';
  switch (type) {
    case 'exact_match':
      return (
        <div className={box}>
          <InputArea
            label={words.expected}
            value={typed.expected}
            onChange={(event) => set({ expected: event.target.value })}
          />
          <Input
            label={words.expectedMetadata}
            value={typed.expectedMetadata}
            autoComplete="off"
            onChange={(event) => set({ expectedMetadata: event.target.value })}
          />
          <Checkbox
            label={words.ignoreCase}
            checked={typed.ignoreCase}
            onCheckedChange={(ignoreCase) => set({ ignoreCase })}
          />
        </div>
      );
    case 'regex_match':
      return (
        <div className={box}>
          <Input
            label={words.pattern}
            description={words.patternHint}
            className="figures"
            value={typed.pattern}
            autoComplete="off"
            onChange={(event) => set({ pattern: event.target.value })}
          />
          <Checkbox
            label={words.negate}
            checked={typed.negate}
            onCheckedChange={(negate) => set({ negate })}
          />
        </div>
      );
    case 'json_schema':
      return (
        <div className={box}>
          <InputArea
            label={words.schema}
            className="figures"
            rows={5}
            value={typed.schema}
            {...(readSchema(typed.schema) === null && { error: words.badSchema })}
            onChange={(event) => set({ schema: event.target.value })}
          />
        </div>
      );
    case 'model_judge':
      return (
        <div className={box}>
          <Input
            label={words.judgeProvider}
            value={typed.judgeProvider}
            autoComplete="off"
            onChange={(event) => set({ judgeProvider: event.target.value })}
          />
          <Input
            label={words.judgeModel}
            value={typed.judgeModel}
            autoComplete="off"
            onChange={(event) => set({ judgeModel: event.target.value })}
          />
          <InputArea
            label={words.judgeInstructions}
            rows={3}
            value={typed.judgeInstructions}
            onChange={(event) => set({ judgeInstructions: event.target.value })}
          />
          <Input
            label={words.judgeCost}
            description={words.judgeHint}
            inputMode="decimal"
            value={typed.judgeCost}
            onChange={(event) => set({ judgeCost: event.target.value })}
          />
        </div>
      );
    default:
      return null;
  }
}
