import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../src/agencies/world/world.ts';
import { assess } from '../../src/protection/assess.ts';
import { benefits } from '../../src/protection/benefits/catalogue.ts';
import { branchNames, branches } from '../../src/protection/branches.ts';
import { defaultOptions, protectionInput } from '../../src/protection/input.ts';
import { rules } from '../../src/protection/rules/index.ts';
import { inputOf } from './kit.ts';
import { factsFrom } from './worldFacts.ts';

const text = readFileSync(new URL('../../docs/protection.md', import.meta.url), 'utf8');
const world = createWorld({ size: 100, today: '2026-11-22' });
/** The rule's part of the document. */
const section = (id: string) => new RegExp(`^### ${id}\n([\\s\\S]*?)(?=^##)`, 'm').exec(text)?.[1] ?? '';

describe('docs/protection.md', () => {
  it('has a section for every rule, in order, and for no other', () => {
    expect([...text.matchAll(/^### (\w+)$/gm)].map(([, id]) => id)).toEqual(rules.map(({ id }) => id));
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s: title, severity, actor, basis and action are those of the rule', (id, rule) => {
    const { title, action, legalBasis, severity, actor } = rule;
    const basis = legalBasis.instrument === null ? 'none' : [legalBasis.instrument, ...(legalBasis.article ? [legalBasis.article] : [])].join(', ');
    for (const part of [title.id, title.en, action.id, action.en, `${severity}. Acts: ${actor}.`, `- Basis: ${basis}`, legalBasis.says.en]) expect(section(id)).toContain(part);
  });

  it.each(rules.map(({ id }) => [id]))('%s: the examples are what the rule finds of the cast', (id) => {
    const examples = [...section(id).matchAll(/^- Example: `([\w-]+)`: (OK|GAP|UNKNOWN)(?: since (\d{4}-\d\d-\d\d))?/gm)];
    expect(examples.length > 0 || section(id).includes('- Example: nobody in the cast')).toBe(true);
    for (const [, slug, status, since] of examples) {
      const member = world.cast.find((one) => one.slug === slug);
      expect(member, slug).toBeDefined();
      const found = assess(protectionInput(factsFrom(world.person(member!.index).records, world.today))).filter(({ rule }) => rule.id === id);
      expect(found.map((one) => [one.status, one.since ?? undefined])).toEqual([[status, since]]);
    }
  });

  it('names a benefit only if there is one, and all that there are', () => {
    const named = new Set([...text.matchAll(/`(J(?:KK|KM|HT)_[A-Z_]+)`/g)].map(([, code]) => code));
    expect([...named].toSorted()).toEqual(benefits.map(({ code }) => code).toSorted());
  });

  it('names the programmes of the nine branches as they are', () => {
    const rows = [...text.split('## 6.')[1]!.split('## 7.')[0]!.matchAll(/^\| ([A-Z][a-z ]+) \| ([^|]+) \|/gm)].slice(1);
    expect(rows.map(([, name]) => name!.toUpperCase().replaceAll(' ', '_'))).toEqual([...branchNames]);
    expect(rows.map(([, , programmes]) => programmes)).toEqual(branches(inputOf()).map(({ programmes }) => programmes.join(', ') || 'none'));
  });

  it('states the thresholds that hold by default', () => {
    expect(section('WAGES_UNPAID')).toContain(`more than ${defaultOptions.unpaidWagesDays} days`);
    expect(section('CASE_OVERDUE')).toContain(`more than ${defaultOptions.caseServiceDays} days`);
    expect(section('DEATH_OR_ACCIDENT_UNCLAIMED')).toContain(`within the ${defaultOptions.reportingDays} days`);
  });
});
