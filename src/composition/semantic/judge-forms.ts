import type { JudgeForms } from '../../cache/semantic/evidence/judge-answers.ts';
import type { JudgeFormat } from '../../core/evaluation.ts';
import { judgeAnswer, judgeRequest, readVerdict } from '../../evaluations/judge-format.ts';
import { CHAT_ENDPOINTS } from '../../providers/known-endpoints.ts';

interface JudgeChat {
  readonly path: string;
  readonly format: JudgeFormat;
}

/** Where and how a provider's model is asked for a chat; null when the address needs more than provider and model. */
function chatOf(provider: string, model: string): JudgeChat | null {
  if (provider.startsWith('custom-')) return { path: 'v1/chat/completions', format: 'openai' };
  // Its own chat has a format that judges are not asked in.
  if (provider === 'cohere') return { path: 'compatibility/v1/chat/completions', format: 'openai' };
  const path = CHAT_ENDPOINTS[provider]?.whole.replace('{model}', encodeURIComponent(model));
  if (path === undefined || path.includes('{')) return null;
  if (provider === 'anthropic') return { path, format: 'anthropic' };
  return { path, format: provider.startsWith('google-') ? 'google' : 'openai' };
}

/** Judges of the semantic cache are asked as those of evaluations are. */
export const judgeForms: JudgeForms = {
  requestTo(judge, instructions, material) {
    const { provider, model } = split(judge);
    const chat = chatOf(provider, model);
    if (chat === null) return null;
    const { rest, headers, body } = judgeRequest({ provider, model, instructions, ...chat }, material);
    // A custom provider may need no key; others must not be asked without one.
    const keyOnly = provider.startsWith('custom-') ? [] : ['cf-aig-no-wholesale', 'true'];
    return { rest, headers: [...headers, ...keyOnly], body };
  },
  verdictIn(judge, body) {
    const { provider, model } = split(judge);
    const chat = chatOf(provider, model);
    const answer = chat === null ? null : judgeAnswer(chat.format, body);
    return answer === null ? null : readVerdict(answer);
  },
};

function split(judge: string): { provider: string; model: string } {
  const at = judge.indexOf('/');
  return { provider: judge.slice(0, at), model: judge.slice(at + 1) };
}
