import { Button } from '@cloudflare/kumo/components/button';
import { Input } from '@cloudflare/kumo/components/input';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { isFailure } from '../../api/failure.ts';
import { sessionQuery, signIn } from '../../api/session.ts';
import { Logo } from '../../components/logo.tsx';
import { signInWords as words } from '../../words/sign-in.ts';
import { returnAddress } from './return-address.ts';

export function SignInPage() {
  const [token, setToken] = useState('');
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const client = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { readonly return?: string };
  useEffect(() => {
    document.title = words.title;
  }, []);

  const enter = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const value = token.trim();
    if (value === '') {
      setProblem(words.empty);
      return;
    }
    setBusy(true);
    setProblem('');
    try {
      await signIn(value);
      client.clear();
      await client.fetchQuery(sessionQuery);
      await navigate({ href: returnAddress(search.return), replace: true });
    } catch (error) {
      setProblem(
        isFailure(error, 401) ? words.refused : error instanceof Error ? error.message : String(error),
      );
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-6 px-4 py-12">
      <Logo withName />
      <div>
        <h1 className="text-lg font-medium">{words.title}</h1>
        <p className="mt-1 text-sm text-kumo-subtle">{words.text}</p>
      </div>
      <form onSubmit={(event) => void enter(event)} className="flex flex-col gap-4" noValidate>
        <div className="flex flex-col gap-2">
          <Input
            label={words.label}
            name="token"
            type={isShown ? 'text' : 'password'}
            autoComplete="current-password"
            autoFocus
            spellCheck={false}
            value={token}
            className="figures w-full"
            {...(problem !== '' && { error: problem })}
            onChange={(event) => setToken(event.target.value)}
          />
          <button
            type="button"
            aria-pressed={isShown}
            className="self-start rounded-sm text-sm text-kumo-link"
            onClick={() => setShown(!isShown)}
          >
            {isShown ? words.hide : words.show}
          </button>
        </div>
        <Button type="submit" variant="primary" loading={isBusy} className="w-full justify-center">
          {words.button}
        </Button>
        <p role="status" aria-live="polite" className="sr-only">
          {problem}
        </p>
      </form>
      <details className="text-sm text-kumo-subtle">
        <summary className="cursor-pointer">{words.help}</summary>
        <p className="mt-2">{words.helpText}</p>
        <pre className="mt-2 overflow-x-auto rounded-md bg-kumo-tint p-2 text-xs">{words.helpCommand}</pre>
      </details>
    </main>
  );
}
