import type { LinkRecord } from '../../src/identity/attributes.ts';
import { seeded } from '../../src/identity/random.ts';

const given = 'SITI SRI DEWI RINA YANTI LESTARI AGUS BUDI JOKO SLAMET RETNO ENDANG WAHYUNI MARYAM HASAN ALI RATNA INDAH TUTIK SUMARNI'.split(' ');
const second = 'RAHAYU SUSANTI HIDAYAT SANTOSO WIBOWO UTAMI PRATIWI SETIAWAN KURNIAWAN NINGSIH AMINAH FATIMAH NUGROHO SAPUTRA HANDAYANI'.split(' ');

export interface Sample {
  readonly records: LinkRecord[];
  readonly personOf: Map<string, string>;
}

/** A small population in two sources, each person in one or both, with slips. NIKs carry the impossible serials 9000 to 9999. */
export function samplePeople(count: number, seed = 1): Sample {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const digits = (n: number) => Array.from({ length: n }, () => Math.floor(random() * 10)).join('');
  const two = (n: number) => String(n).padStart(2, '0');
  const records: LinkRecord[] = [];
  const personOf = new Map<string, string>();
  for (let person = 0; person < count; person++) {
    const [year, month, day] = [1970 + Math.floor(random() * 35), 1 + Math.floor(random() * 12), 1 + Math.floor(random() * 28)];
    const female = random() < 0.6;
    const district = `35${two(1 + Math.floor(random() * 29))}${two(1 + Math.floor(random() * 20))}`;
    const nik = `${district}${two(female ? day + 40 : day)}${two(month)}${two(year % 100)}9${digits(3)}`;
    const name = `${pick(given)} ${pick(second)}`;
    const passport = `${pick(['A', 'B', 'C', 'X'])}${digits(7)}`;
    const phone = `08${digits(10)}`;
    for (const source of ['A', 'B']) {
      if (random() < 0.15) continue;
      const id = `${source}-${person}`;
      const slip = random() < 0.1;
      records.push({
        id, source,
        values: {
          ...(random() < 0.85 ? { nik: [slip ? nik.slice(0, 4) + nik[5] + nik[4] + nik.slice(6) : nik] } : {}),
          ...(random() < 0.7 ? { passport: [passport] } : {}),
          ...(random() < 0.6 ? { phone: [phone] } : {}),
          name: [random() < 0.1 ? name.slice(0, -1) : name],
          sex: [female ? 'FEMALE' : 'MALE'],
          dateOfBirth: [`${year}-${two(month)}-${two(day)}`],
          area: [district.slice(0, 4)],
        },
      });
      personOf.set(id, String(person));
    }
  }
  return { records, personOf };
}
