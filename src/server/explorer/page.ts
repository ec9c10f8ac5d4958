import { createHash } from 'node:crypto';
import { ruruHTML } from 'ruru/server';
import type { ReadyMadeOperation } from './operations.ts';

/** The explorer's page and the policy that goes with it. */
export interface ExplorerPage {
  readonly html: string;
  /** `content-security-policy`: nothing is loaded from, or sent to, another origin; of inline scripts only this page's own run. */
  readonly policy: string;
}

export interface PageOptions {
  /** Path of the GraphQL endpoint. */
  readonly endpoint: string;
  /** Path under which Ruru's files are served, with a slash at the end. */
  readonly staticPath: string;
  readonly operations: readonly ReadyMadeOperation[];
}

const headersTemplate = JSON.stringify({ authorization: 'Bearer YOUR_KEY', 'x-purpose': 'SERVICE' }, null, 2);

const welcome = `# Payung: put your API key into the "Headers" editor below, then choose a ready-made operation above or write your own.
query Agencies {
  agencies {
    name
    state
  }
}
`;

/** Ruru (GraphiQL) with a bar of ready-made operations on top; each one opens in a tab of its own. */
export function explorerPage(options: PageOptions): ExplorerPage {
  const html = ruruHTML({
    endpoint: options.endpoint,
    staticPath: options.staticPath,
    htmlParts: {
      titleTag: '<title>Payung explorer</title>',
      metaTags: (original) => `${original}\n<meta name="viewport" content="width=device-width, initial-scale=1" />\n<link rel="icon" href="data:," />`,
      styleTags: (original) => `${original}\n${styles}`,
      configScript: () => `<script>const RURU_CONFIG = ${inScript(clientConfig(options))};</script>`,
      bodyContent: (original) => `${bar(options.operations)}\n${original}`,
      bodyInitScript: () => initScript(options),
    },
  });
  const hashes = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    (script) => `'sha256-${createHash('sha256').update(script[1] ?? '').digest('base64')}'`,
  );
  const policy = [
    `default-src 'none'`,
    `script-src 'self' ${hashes.join(' ')}`,
    // The editor sets styles on elements, which no hash can name.
    `style-src 'self' 'unsafe-inline'`,
    `font-src 'self' data:`,
    `img-src 'self' data:`,
    `worker-src 'self' blob:`,
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
  return { html, policy };
}

/** The properties of Ruru's root component. */
function clientConfig({ endpoint, staticPath }: PageOptions): Record<string, unknown> {
  return { staticPath, endpoint, defaultQuery: welcome, defaultHeaders: headersTemplate, initialHeaders: headersTemplate, showPersistHeadersSettings: true };
}

const styles = `<style>
  body { display: flex; flex-direction: column; height: 100vh; }
  #ruru-root { flex: 1; min-height: 0; height: auto; }
  #ready-made { display: flex; gap: 0.75rem; align-items: center; padding: 0.5rem 0.75rem; font: 14px system-ui, sans-serif; background: #1f3a5f; color: #fff; }
  #ready-made select { font: inherit; max-width: 22rem; }
  #ready-made output { opacity: 0.9; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
</style>`;

function bar(operations: readonly ReadyMadeOperation[]): string {
  const choices = operations.map(({ name, description }) => `<option value="${escape(name)}" title="${escape(description)}">${escape(name)}</option>`);
  return `<header id="ready-made">
  <strong>Payung</strong>
  <label>Ready-made operation <select id="operation"><option value="">choose one</option>${choices.join('')}</select></label>
  <output id="description" for="operation">Your API key goes into the Headers editor: authorization: Bearer ...</output>
</header>`;
}

/** Runs in the browser. Headers that were typed go along into the next tab. */
function initScript({ staticPath, operations }: PageOptions): string {
  return `<script type="module">
import { React, createRoot, Ruru } from ${inScript(`${staticPath}ruru.js`)};
const operations = ${inScript(operations)};
const root = createRoot(document.getElementById('ruru-root'));
let headers = RURU_CONFIG.initialHeaders;
const show = (operation) => root.render(React.createElement(Ruru, {
  ...RURU_CONFIG,
  key: operation?.name ?? '',
  initialHeaders: headers,
  defaultHeaders: headers,
  ...(operation && { initialQuery: operation.query, initialVariables: operation.variables }),
  onEditHeaders: (text) => { headers = text; },
}));
document.getElementById('operation').addEventListener('change', ({ target }) => {
  const operation = operations.find(({ name }) => name === target.value);
  document.getElementById('description').textContent = operation?.description ?? '';
  show(operation);
});
show();
</script>`;
}

/** JSON that cannot end the script it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
