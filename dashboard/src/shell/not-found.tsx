import { Link } from '@tanstack/react-router';
import { shellWords as words } from '../words/shell.ts';

export function NotFound() {
  return (
    <div className="mx-auto flex max-w-xl flex-col items-start gap-3 px-3 py-24">
      <p className="figures text-kumo-subtle">404</p>
      <h1 className="text-lg font-medium">{words.notFoundTitle}</h1>
      <p className="text-kumo-subtle">{words.notFoundText}</p>
      <Link to="/" className="text-kumo-link underline underline-offset-2">
        {words.toHome}
      </Link>
    </div>
  );
}
