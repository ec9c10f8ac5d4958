// Writes docs/errors.md from the registry of error codes: `npm run schema`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { errorCodes } from '../src/domain/failure.ts';

export function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, { status, retryable, meaning }]) => `| \`${code}\` | ${status ?? 'with data'} | ${retryable ? 'yes' : 'no'} | ${meaning} |`);
  return `# Error codes

*Made from \`src/domain/failure.ts\` by \`npm run schema\`; a test compares the two.*

Every error of the API has \`extensions.code\` from this list, and no other. Beside it stand \`retryable\` (whether the same request may succeed later), \`requestId\`
(the \`x-request-id\` of the answer; quote it in reports) and, where they apply, \`agency\` and \`scope\`.

*HTTP* is the status of the answer when the whole request is refused; "with data" marks codes that only stand beside data in a 200. A refusal at \`/graphql\`
is a GraphQL answer without \`data\`. Where no GraphQL was spoken yet (an unknown path, a body that is not JSON or too large) it is \`application/problem+json\`
with the same \`code\`, \`retryable\` and \`requestId\`.

Messages never repeat the values that were sent: they name the variable, the place in it and the type expected there.

| Code | HTTP | Retry | Meaning |
|---|---|---|---|
${rows.join('\n')}
`;
}

if (import.meta.main) {
  mkdirSync(new URL('../docs/', import.meta.url), { recursive: true });
  writeFileSync(new URL('../docs/errors.md', import.meta.url), errorsPage());
}
