import type { AgentSession } from '../../api/agent-sessions.ts';
import { StatusMark, type Tone } from '../../components/status-mark.tsx';
import { sessionWords as words } from '../../words/sessions.ts';

const TONES: Readonly<Record<AgentSession['state'], Tone>> = {
  running: 'good',
  done: 'plain',
  looping: 'warning',
};

export function SessionState({ state }: { readonly state: AgentSession['state'] }) {
  return <StatusMark tone={TONES[state]} text={words.states[state]} title={words.stateHints[state]} />;
}
