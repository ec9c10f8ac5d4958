import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import type { AgencyDefinition } from '../../src/agencies/definition.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { agencyContract } from './contract.ts';
import { toy } from './toy/index.ts';
import { withRegister } from './toy/mock.ts';

/** The recipe of docs/agencies.md, "Adding a fifth agency", followed with the agency in tests/agencies/toy. */
describe('adding a fifth agency', () => {
  it('takes the five files of the recipe', () => {
    expect(readdirSync(new URL('toy/', import.meta.url)).toSorted()).toEqual(['client.ts', 'contract.ts', 'index.ts', 'map.ts', 'mock.ts']);
  });

  it('and one entry in the list, where names and mock ports are its own', () => {
    const list: readonly AgencyDefinition[] = [...agencies, toy];
    expect(new Set(list.map((definition) => definition.name)).size).toBe(list.length);
    expect(new Set(list.map((definition) => definition.mockPort)).size).toBe(list.length);
  });
});

agencyContract({ definition: toy, world: withRegister(createWorld({ seed: 7, size: 300, today: '2026-11-22' })) });
