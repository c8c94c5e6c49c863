/** Frequent words of other languages written in Latin letters that are no English ones. */
const FOREIGN = new Set(
  (
    'der das und ist wie nicht ein eine für mit auf ich wir sie wird kann mein meine warum wann welche ' +
    'que el los las como para por una cual es está donde porque cuando qué cómo puedo mi ' +
    'les des pour une est dans quel quelle comment pourquoi je vous nous mon ma où qui avec sur ' +
    'il che di è come perché sono della quanto quale ' +
    'não uma os onde quando meu minha você ' +
    'het een van niet hoe waarom kan wat ik ' +
    'och jag att det är hur ' +
    'kya hai kaise mein ke ki ka ko kyu kyun nahi hain kab'
  ).split(' '),
);

const NOT_ASCII = /[^\0-\x7f]/;

/** Whether a question is English as far as its letters and its small words tell. Few words are given the benefit. */
export function isEnglish(
  text: string,
  tokens: readonly { readonly text: string; readonly weight: string }[],
): boolean {
  let foreign = 0;
  let english = 0;
  for (const token of tokens) {
    if (token.weight === 'function') english++;
    else if (FOREIGN.has(token.text.toLowerCase())) foreign++;
  }
  if (foreign >= 2 && foreign >= english) return false;
  if (!NOT_ASCII.test(text)) return true;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters === 0 || latin / letters > 0.8;
}
