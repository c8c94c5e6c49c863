/** How a provider is asked: in OpenAI's format, or in its own. */
export interface ProviderForm {
  readonly id: string;
  readonly name: string;
  readonly format: 'openai' | 'anthropic' | 'google';
  /** Of the base address that an SDK takes. */
  readonly path: string;
  readonly model: string;
  /** The variable in which its key usually stands. */
  readonly keyName: string;
}

const row = (
  id: string,
  name: string,
  format: ProviderForm['format'],
  path: string,
  model: string,
  keyName: string,
): ProviderForm => ({ id, name, format, path, model, keyName });

export const PROVIDER_FORMS: readonly [ProviderForm, ...ProviderForm[]] = [
  row('openai', 'OpenAI', 'openai', 'openai', 'gpt-4o-mini', 'OPENAI_API_KEY'),
  row('anthropic', 'Anthropic', 'anthropic', 'anthropic', 'claude-sonnet-4-5', 'ANTHROPIC_API_KEY'),
  row(
    'google-ai-studio',
    'Google AI Studio',
    'google',
    'google-ai-studio',
    'gemini-2.5-flash',
    'GEMINI_API_KEY',
  ),
  row('groq', 'Groq', 'openai', 'groq', 'llama-3.3-70b-versatile', 'GROQ_API_KEY'),
  row('mistral', 'Mistral', 'openai', 'mistral/v1', 'mistral-small-latest', 'MISTRAL_API_KEY'),
  row('deepseek', 'DeepSeek', 'openai', 'deepseek', 'deepseek-chat', 'DEEPSEEK_API_KEY'),
];
