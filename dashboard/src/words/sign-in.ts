export const signInWords = {
  title: 'Sign in to Tidegate',
  text: 'Use the admin token that the first start printed, or a personal token.',
  label: 'Token',
  show: 'Show token',
  hide: 'Hide token',
  button: 'Sign in',
  empty: 'Enter a token.',
  refused: 'This token is not known, or it was revoked or expired.',
  help: 'No token at hand',
  helpText:
    'Start the gateway with TIDEGATE_ADMIN_TOKEN set to one of your own, or create one on the machine it runs on:',
  helpCommand: 'bin/tidegate token create --name me --permission admin',
} as const;
