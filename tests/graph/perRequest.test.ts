import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { GraphContext } from '../../src/graph/context.ts';
import { perRequest } from '../../src/graph/perRequest.ts';

const request = () => ({ shared: new Map() }) as unknown as GraphContext;

describe('what the resolvers of one request share', () => {
  it('is made once for each request, and for each who shares', () => {
    const [listOf, setOf] = [perRequest((): string[] => []), perRequest(() => new Set<string>())];
    const [one, other] = [request(), request()];
    listOf(one).push('read');
    setOf(one).add('read');
    expect([listOf(one), listOf(other), [...setOf(one)]]).toEqual([['read'], [], ['read']]);
  });

  it('goes with what hangs on the context', () => {
    const listOf = perRequest((): string[] => []);
    const one = request();
    listOf(one).push('read');
    one.shared.clear();
    expect(listOf(one)).toEqual([]);
  });

  it('hangs on no context from outside: the collector of young objects would keep it', () => {
    const src = fileURLToPath(new URL('../../src', import.meta.url));
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    expect(files.filter((file) => /WeakMap<GraphContext\b/.test(readFileSync(join(src, file), 'utf8')))).toEqual([]);
  });
});
