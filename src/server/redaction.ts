import { Kind, parse, print, visit } from 'graphql';
import type { ASTNode } from 'graphql';

/**
 * graphql-js' messages with the caller's values taken out. A mistyped NIK or name must not come back in an error, where it would end in logs
 * and bug reports; names of fields, arguments, variables and types stay, since they tell how to mend the request.
 */

const gap = '…';
const misfit = 'The value does not fit the type.';
const valueKinds: ReadonlySet<string> = new Set([Kind.INT, Kind.FLOAT, Kind.STRING, Kind.BOOLEAN, Kind.ENUM, Kind.LIST, Kind.OBJECT, Kind.NULL]);

/** A parse error: the token that was found may be a value. */
export function parseMessage(message: string): string {
  return tidy(message.replace(/\b(Name|Int|Float|String|BlockString|Comment) "[\s\S]*"\.?$/, '$1.'));
}

/** A validation error; `nodes` are the parts of the document it is about, where it says so. */
export function validationMessage(message: string, nodes: readonly ASTNode[] | undefined, document: string): string {
  // Without nodes the words are a scalar's own: it must not have repeated any value of the document.
  if (!nodes) return literalsOf(parse(document)).some((text) => message.includes(text)) ? misfit : tidy(message);
  const values = nodes.filter((node) => valueKinds.has(node.kind));
  return tidy(cutValue(withoutTexts(message, values.flatMap(literalsOf))));
}

/** A message about a value that did not fit its type. */
export function withoutValue(message: string, value: unknown): string {
  const cut = cutValue(message);
  // A scalar of ours whose message repeats the value loses its detail, but never the type's name.
  if (!repeats(cut, value)) return tidy(cut);
  return tidy(/^Expected type "[^"]*"\./.exec(cut)?.[0] ?? misfit);
}

/** A message of the hub's own: should a long number have slipped in, it goes. */
export function ownMessage(message: string): string {
  return message.replace(/\d{6,}/g, gap);
}

/** The known forms in which graphql-js prints a value. */
function cutValue(message: string): string {
  return message
    .replace(/^(Expected value of type "[^"]*"), found …; ([\s\S]*)$/, '$1. $2')
    .replace(/^(Expected value of type "[^"]*"), found [\s\S]*$/, '$1.')
    .replace(/^(\w+(?: "\w+")? cannot represent [\w -]+?): [\s\S]*$/, '$1.')
    .replace(/^Value "[\s\S]*" does not exist in ("\w+" enum)[\s\S]*$/, 'The value does not exist in $1.')
    .replace(/^Field "[^"]*[^"\w][^"]*" is not defined by/, `Field "${gap}" is not defined by`);
}

function repeats(message: string, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => repeats(message, item));
  if (typeof value === 'object' && value !== null) return Object.values(value).some((item) => repeats(message, item));
  const text = String(value);
  return text.length >= 3 && message.includes(text);
}

/** Every text by which a literal may appear in a message, longest first. */
function literalsOf(node: ASTNode): string[] {
  const texts = new Set<string>();
  visit(node, {
    enter(inner) {
      if (inner.kind === Kind.LIST || inner.kind === Kind.OBJECT) texts.add(print(inner));
      if (inner.kind === Kind.STRING || inner.kind === Kind.INT || inner.kind === Kind.FLOAT || inner.kind === Kind.ENUM) {
        texts.add(print(inner));
        texts.add(inner.value);
      }
    },
  });
  return [...texts].filter((text) => text.length >= 3).toSorted((a, b) => b.length - a.length);
}

function withoutTexts(message: string, texts: readonly string[]): string {
  return texts.reduce((rest, text) => rest.replaceAll(text, gap), message);
}

/** No suggestions (they list the schema), no long numbers, one line. */
function tidy(message: string): string {
  return ownMessage(message.replace(/ Did you mean [\s\S]*\?$/, '')).replace(/\s+/g, ' ').trim();
}
