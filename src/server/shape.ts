import { Lexer, Source, TokenKind } from 'graphql';
import { LRUCache } from 'lru-cache';

/** What a document may be at most. Looked at token by token before anything is parsed, so that the look ends where the first limit is passed. */
export const documentLimits = {
  characters: 65_536,
  tokens: 4_000,
  depth: 30,
  aliases: 200,
  directives: 100,
  fragments: 100,
  spreads: 300,
  rootFields: 50,
  /** After fragments are put in. */
  selections: 10_000,
  nameLength: 128,
} as const;

/** What a list or text in the variables may be at most. */
export const variableLimits = { items: 1_000, values: 20_000, depth: 12 } as const;

/** Remembers the shapes of documents: most requests send one that was sent before. */
const known = new LRUCache<string, { readonly fault: string | null }>({ max: 1_000, maxSize: 8_000_000, sizeCalculation: (_shape, text) => text.length + 100 });

/** What is too much about a document, in words that repeat nothing of it; null when it is within the limits. What cannot be read as tokens is left to the parser. */
export function documentFault(document: string): string | null {
  if (document.length > documentLimits.characters) return `The document has more than ${documentLimits.characters} characters.`;
  const seen = known.get(document);
  if (seen) return seen.fault;
  const fault = scan(document);
  known.set(document, { fault });
  return fault;
}

/** A fragment, or all operations together. */
interface Part {
  /** Names in it: at least as many as fields. */
  selections: number;
  readonly spreads: string[];
}

/** The largest number of selections that any part comes to with its fragments put in. Circles are left to the validation, which refuses them. */
function selectionsOf(parts: ReadonlyMap<string, Part>): number {
  const sizes = new Map<string, number>();
  const sizeOf = (name: string): number => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    sizes.set(name, 0);
    const part = parts.get(name);
    const size = part ? part.spreads.reduce((sum, spread) => sum + sizeOf(spread), part.selections) : 0;
    sizes.set(name, size);
    return size;
  };
  return Math.max(0, ...[...parts.keys()].map(sizeOf));
}

function scan(document: string): string | null {
  const lexer = new Lexer(new Source(document));
  const count = { tokens: 0, aliases: 0, directives: 0, fragments: 0, spreads: 0, rootFields: 0 };
  const depths = { braces: 0, brackets: 0, parens: 0 };
  const parts = new Map<string, Part>();
  let part: Part = { selections: 0, spreads: [] };
  parts.set('', part);
  let inFragment = false;
  let starts = false;
  let before: string = TokenKind.SOF;
  const over = (name: keyof typeof count, what: string) => (count[name] > documentLimits[name] ? `The document has more than ${documentLimits[name]} ${what}.` : null);
  try {
    for (;;) {
      const { kind, value } = lexer.advance();
      // A word between two definitions begins the next one; that after `fragment` is its name, whatever word it is.
      const named = starts && inFragment;
      starts = depths.braces === 0 && (before === TokenKind.SOF || before === TokenKind.BRACE_R);
      if (kind === TokenKind.EOF) return selectionsOf(parts) > documentLimits.selections ? `The document selects more than ${documentLimits.selections} fields once its fragments are put in.` : null;
      count.tokens += 1;
      if ((kind === TokenKind.STRING || kind === TokenKind.BLOCK_STRING) && value.includes('\0')) return nulFault;
      if (kind === TokenKind.BRACE_L) depths.braces += 1;
      else if (kind === TokenKind.BRACE_R) depths.braces -= 1;
      else if (kind === TokenKind.BRACKET_L) depths.brackets += 1;
      else if (kind === TokenKind.BRACKET_R) depths.brackets -= 1;
      else if (kind === TokenKind.PAREN_L) depths.parens += 1;
      else if (kind === TokenKind.PAREN_R) depths.parens -= 1;
      else if (kind === TokenKind.AT) count.directives += 1;
      else if (kind === TokenKind.SPREAD) count.spreads += 1;
      // Outside of arguments, a colon stands after an alias only.
      else if (kind === TokenKind.COLON && depths.parens === 0) count.aliases += 1;
      else if (kind === TokenKind.NAME) {
        if (value.length > documentLimits.nameLength) return `A name in the document has more than ${documentLimits.nameLength} characters.`;
        if (starts) {
          inFragment = value === 'fragment';
          part = parts.get('')!;
          if (inFragment) count.fragments += 1;
        } else if (named) {
          part = parts.get(value) ?? { selections: 0, spreads: [] };
          parts.set(value, part);
        }
        if (depths.braces > 0 && depths.parens === 0) part.selections += 1;
        if (before === TokenKind.SPREAD && value !== 'on') part.spreads.push(value);
        // An alias and its field are one.
        if (depths.braces === 1 && depths.parens === 0 && !inFragment && before !== TokenKind.COLON && before !== TokenKind.AT && before !== TokenKind.SPREAD) count.rootFields += 1;
      }
      before = kind;
      if (Math.max(depths.braces, depths.brackets, depths.parens) > documentLimits.depth) return `The document is nested deeper than ${documentLimits.depth} levels.`;
      const fault = over('tokens', 'tokens') ?? over('aliases', 'aliases') ?? over('directives', 'directives') ?? over('fragments', 'fragments') ?? over('spreads', 'fragments put in') ?? over('rootFields', 'root fields');
      if (fault) return fault;
    }
  } catch {
    return null;
  }
}

/** Said of a text that holds U+0000, which PostgreSQL cannot store and no name or number has. */
export const nulFault = 'A text must not contain the character U+0000.';

/** The same for the variables. */
export function variablesFault(variables: unknown): string | null {
  let values = 0;
  const look = (value: unknown, depth: number): string | null => {
    if (++values > variableLimits.values) return `The variables hold more than ${variableLimits.values} values.`;
    if (typeof value === 'string') return value.includes('\0') ? nulFault : null;
    if (typeof value !== 'object' || value === null) return null;
    if (depth > variableLimits.depth) return `The variables are nested deeper than ${variableLimits.depth} levels.`;
    const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (items.length > variableLimits.items) return `A list in the variables has more than ${variableLimits.items} items.`;
    for (const item of items) {
      const fault = look(item, depth + 1);
      if (fault) return fault;
    }
    return null;
  };
  return look(variables, 0);
}
