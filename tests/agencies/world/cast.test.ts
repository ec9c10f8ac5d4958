import { describe, expect, test } from 'vitest';
import { covers } from '../../../src/domain/coverage.ts';
import { currentPlacement } from '../../../src/domain/placement.ts';
import { createWorld } from '../../../src/agencies/world/world.ts';

const today = '2026-11-22';
const world = createWorld({ size: 100, today });

function member(slug: string) {
  const found = world.cast.find((m) => m.slug === slug)!;
  const person = world.person(found.index);
  const of = (agency: string) => person.records.filter((r) => r.agency === agency);
  const covered = [...new Set(person.records.flatMap((r) => r.coverages).filter((c) => covers(c, today)).map((c) => `${c.programme} ${c.phase}`))].toSorted();
  const jkn = of('BPJS_KESEHATAN')[0]?.healthMemberships[0];
  return { person, of, covered, jkn, cases: of('PERWAKILAN').flatMap((r) => r.cases), current: currentPlacement(person.records.flatMap((r) => r.placements), today) };
}

test('the cast never changes: slugs and NIKs', () => {
  expect(world.cast.map((m) => `${m.nik} ${m.slug}`)).toMatchInlineSnapshot(`
    [
      "5202055103849991 siti-selangor",
      "3212154312969991 wati-lapsed",
      "3504095704989991 rina-twin",
      "3504095704989992 rini-twin",
      "3502124206899993 yuni-two-passports",
      "3329106111839994 surati-mononym",
      "3329080211949992 joko-fisherman",
      "5301114802019995 maria-mission-only",
      "1207260605029993 rizal-cambodia",
      "5203083009869996 kasim-borrowed",
      "3505105905889992 ningsih-suspended",
      "3510115010819993 endang-arrears",
      "3209216707939994 tuti-short-cover",
      "3507225402859995 lastri-extended",
      "5203074909999996 aminah-outside-channel",
      "3301050503879992 budi-several-kpj",
      "5202041201909997 rahman-three-names",
      "3324076508929991 partini-mistyped",
      "3213081606009991 agus-failed",
      "3203146901959994 nur-dismissed",
      "3202105408039995 lina-trafficked",
      "3526102412799996 hasan-overstay",
      "5108036303979997 ayu-protected",
      "1807103004919998 slamet-just-home",
      "7308101810889997 rusli-sabah",
      "3301086606869998 tini-deceased",
      "3302155405979992 dewi-other-work",
      "3204135702949993 yanti-accompanied",
    ]
  `);
});

test('the cast and its identifiers are the same in every world and on every day', () => {
  const other = createWorld({ seed: 77, size: 5_000, today: '2025-02-28' });
  expect(other.cast).toEqual(world.cast);
  for (const { index, slug, nik } of world.cast) {
    const [here, there] = [world.person(index), other.person(index)];
    expect(here.cast).toBe(slug);
    expect(here.truth).toEqual(there.truth);
    expect(here.truth.nik).toBe(nik);
    expect(here.records.map((r) => [r.agency, r.recordId, r.person.identifiers])).toEqual(there.records.map((r) => [r.agency, r.recordId, r.person.identifiers]));
  }
});

test('no number of the cast is ever given to anybody else', () => {
  for (const { index } of world.cast) {
    for (const { agency, person } of world.person(index).records) for (const id of person.identifiers) expect(createWorld({ seed: 5, size: 8_000_000, today }).find(agency, id)).toContain(index);
  }
  expect(world.cast.filter((m) => !/999\d$/.test(m.nik))).toEqual([]);
});

test('everyone has a story', () => {
  expect(world.cast.filter((m) => m.story.length < 60)).toEqual([]);
  expect(world.cast.length % 2).toBe(0);
});

describe('the stories hold', () => {
  test('siti: unpaid in Selangor, and covered by nothing', () => {
    const siti = member('siti-selangor');
    expect(siti.covered).toEqual([]);
    expect(siti.cases).toMatchObject([{ mission: 'KBRI_KUALA_LUMPUR', category: 'KETENAGAKERJAAN', status: 'IN_PROCESS', claimed: { amount: '100800.00', currency: 'MYR' } }]);
  });

  test('wati: paid, yet the five months ended before she left', () => {
    const wati = member('wati-lapsed');
    const before = wati.of('BPJS_KETENAGAKERJAAN')[0]!.coverages.find((c) => c.phase === 'BEFORE')!;
    expect(before.payment.status).toBe('PAID');
    expect(before.window.end! < wati.current!.departedOn!).toBe(true);
    expect(wati.covered).toEqual([]);
  });

  test('the twins differ in four digits', () => {
    const [rina, rini] = [member('rina-twin').person, member('rini-twin').person];
    expect(rini.index).toBe(rina.index + 1);
    expect(rina.truth.nik.slice(0, 12)).toBe(rini.truth.nik.slice(0, 12));
  });

  test('maria: only the mission knows her', () => {
    expect(new Set(member('maria-mission-only').person.records.map((r) => r.agency))).toEqual(new Set(['PERWAKILAN']));
  });

  test('kasim: three agencies have his friend’s NIK, JKN has his own', () => {
    const { person } = member('kasim-borrowed');
    const own = person.records.filter((r) => r.person.identifiers.some((id) => id.value === person.truth.nik)).map((r) => r.agency);
    expect(own).toEqual(['BPJS_KESEHATAN']);
    expect(world.find('BP2MI', { kind: 'NIK', value: person.truth.nik })).toEqual([]);
  });

  test('ningsih: JKN lawfully suspended; endang: JKN in arrears', () => {
    expect(member('ningsih-suspended').jkn).toMatchObject({ active: false, inactiveReason: 'SUSPENDED_ABROAD' });
    expect(member('endang-arrears').jkn).toMatchObject({ active: false, inactiveReason: 'ARREARS' });
  });

  test('tuti and lastri: under contract, and no longer covered', () => {
    for (const slug of ['tuti-short-cover', 'lastri-extended']) {
      const { current, covered } = member(slug);
      expect(current!.contract.end! > today).toBe(true);
      expect(covered).toEqual([]);
    }
    expect(member('lastri-extended').current!.renews).not.toBeNull();
  });

  test('partini: a look-up by her NIK finds nothing where it was mistyped', () => {
    const { person } = member('partini-mistyped');
    const nik = { kind: 'NIK' as const, value: person.truth.nik };
    expect(world.find('BPJS_KETENAGAKERJAAN', nik)).toEqual([]);
    expect(world.find('BP2MI', nik)).toEqual([person.index]);
  });

  test('ayu: covered by everything; slamet: home, and covered for thirty days; budi: three KPJ, one of which covers', () => {
    expect(member('ayu-protected').covered).toEqual(['JHT DURING', 'JKK DURING', 'JKM DURING']);
    expect(member('slamet-just-home').covered).toEqual(['JKK AFTER', 'JKM AFTER']);
    expect(member('slamet-just-home').current).toBeNull();
    const budi = member('budi-several-kpj');
    expect(budi.of('BPJS_KETENAGAKERJAAN')).toHaveLength(3);
    expect(budi.covered).toEqual(['JKK DURING', 'JKM DURING']);
  });

  test('rusli: the district decides for Tawau, which BP2MI cannot know', () => {
    const rusli = member('rusli-sabah');
    expect(rusli.current!.mission).toBeNull();
    expect(rusli.of('PERWAKILAN')[0]!.stays[0]!.mission).toBe('KRI_TAWAU');
  });

  test('lina: a special case; tini: dead, claimed and no longer covered', () => {
    expect(member('lina-trafficked').cases).toMatchObject([{ category: 'TPPO', kind: 'KHUSUS' }]);
    const tini = member('tini-deceased');
    expect(tini.jkn).toMatchObject({ inactiveReason: 'DECEASED' });
    expect(tini.covered).toEqual([]);
    expect(tini.of('BPJS_KETENAGAKERJAAN')[0]!.coverages.flatMap((c) => c.claims)).toMatchObject([{ status: 'PAID', caseNumber: tini.cases[0]!.number }]);
  });

  test('dewi and yanti: covered, a case that entitles to a benefit, and no claim', () => {
    for (const [slug, subcategory] of [['dewi-other-work', 'PEKERJAAN_TIDAK_SESUAI'], ['yanti-accompanied', 'PERKOSAAN']] as const) {
      const { cases, covered, of } = member(slug);
      expect(cases).toMatchObject([{ subcategory, status: 'IN_PROCESS' }]);
      expect(covered).toEqual(['JKK DURING', 'JKM DURING']);
      expect(of('BPJS_KETENAGAKERJAAN').flatMap((record) => record.coverages).flatMap(({ claims }) => claims)).toEqual([]);
    }
  });
});
