import { describe, expect, it } from 'vitest';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assess } from '../../../src/protection/assess.ts';
import { facets } from '../../../src/domain/record.ts';
import { rules } from '../../../src/protection/rules/index.ts';
import { inputOf } from '../kit.ts';

const filesIn = (folder: string) => readdirSync(fileURLToPath(new URL(folder, import.meta.url))).filter((file) => file.endsWith('.ts'));

describe('the list of rules', () => {
  it('has every rule file, each with its test file', () => {
    const files = filesIn('../../../src/protection/rules').filter((file) => file !== 'index.ts');
    expect(rules).toHaveLength(files.length);
    expect(filesIn('.').filter((file) => file !== 'registry.test.ts')).toEqual(files.map((file) => file.replace('.ts', '.test.ts')));
  });

  it('names each rule once, in both languages, with what it rests on', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.id).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      for (const text of [rule.title, rule.action, rule.legalBasis.says]) {
        expect(text.id.length).toBeGreaterThan(5);
        expect(text.en.length).toBeGreaterThan(5);
      }
    }
  });

  it('finds nothing to be OK or a gap when no agency answered: each rule is unknown', () => {
    const found = assess(inputOf({ unknown: facets }));
    expect(found.map(({ rule, status }) => [rule.id, status])).toEqual(rules.map(({ id }) => [id, 'UNKNOWN']));
  });

  it('says of a worker with everything in order that nothing is amiss but the voluntary saving', () => {
    expect(assess(inputOf()).filter(({ status }) => status !== 'OK').map(({ rule }) => rule.id)).toEqual(['OLD_AGE_NOT_TAKEN']);
  });
});
