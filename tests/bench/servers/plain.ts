// Plain code: a Fastify handler over the hub's own transport, validation and mapping that joins by hand in one wave and sends JSON.stringify. No GraphQL,
// no crosswalk, no provenance kept for later, no access control: what one would write for this one question.
import { fastify } from 'fastify';
import type { Agency, Result } from '../../../src/agencies/agency.ts';
import { defaultLimits } from '../../../src/agencies/transport/transport.ts';
import { readConfig } from '../../../src/config.ts';
import { covers } from '../../../src/domain/coverage.ts';
import { missionByCode } from '../../../src/domain/missions.ts';
import { todayInJakarta } from '../../../src/domain/time.ts';
import { describeArea } from '../../../src/areas/areas.ts';

const urls = JSON.parse(process.env.BENCH_URLS!) as Record<string, string>;
const limits = { ...defaultLimits, concurrency: Number(process.env.AGENCY_CONCURRENCY ?? defaultLimits.concurrency) };
const agencies = Object.fromEntries(
  readConfig(process.env).agencies.map(({ definition, settings }) => [definition.name, definition.open({ url: urls[definition.name]!, mock: true, settings, limits })]),
) as Record<string, Agency>;

const app = fastify();
app.post('/', async (request) => {
  const { niks, health } = request.body as { niks: string[]; health?: boolean };
  const context = { requestId: request.id };
  const keys = niks.map((nik) => ({ ref: nik, identifiers: [{ kind: 'NIK' as const, value: nik }] }));
  const one = async (agency: Agency) => new Map((await Promise.all(keys.map((key) => agency.fetch([key], context)))).flatMap((map) => [...map]));
  const [placed, insured, cases, members] = await Promise.all([
    agencies.BP2MI!.fetch(keys, context),
    agencies.BPJS_KETENAGAKERJAAN!.fetch(keys, context),
    agencies.PERWAKILAN!.fetch(keys, context),
    health ? one(agencies.BPJS_KESEHATAN!) : null,
  ]);
  const today = todayInJakarta(new Date());
  const records = (results: ReadonlyMap<string, Result>, nik: string) => {
    const result = results.get(nik)!;
    return result.status === 'found' ? result.records : [];
  };
  const workers = niks.map((nik) => {
    const [register] = records(placed, nik);
    const area = register?.person.area ? describeArea(register.person.area) : null;
    return {
      id: nik,
      name: register?.person.name,
      nik: register?.person.identifiers.find((id) => id.kind === 'NIK')?.value,
      sex: register?.person.sex,
      dateOfBirth: register?.person.dateOfBirth,
      placeOfBirth: register?.person.placeOfBirth,
      origin: { code: register?.person.area, province: area?.province && { name: area.province.name }, regency: area?.regency && { name: area.regency.name } },
      identitySource: { agency: 'BP2MI', freshness: 'LIVE' },
      placements: records(placed, nik).flatMap((record) =>
        record.placements.map(({ number, scheme, stage, job, place, contract }) => ({ number, scheme, stage, job, place: { country: place.country, region: place.region }, contract: { start: contract.start, end: contract.end } })),
      ),
      socialSecurity: {
        covered: records(insured, nik).some((record) => record.coverages.some((coverage) => coverage.programme === 'JKK' && covers(coverage, today))),
        coverages: records(insured, nik).flatMap((record) =>
          record.coverages.map(({ kpj, programme, phase, status, window, payment }) => ({ kpj, programme, phase, status, window, payment: { status: payment.status, paidOn: payment.paidOn } })),
        ),
      },
      cases: records(cases, nik).flatMap((record) =>
        record.cases.map(({ number, category, status, openedOn, mission, events }) => ({ number, category, status, openedOn, mission: { code: missionByCode(mission)?.code }, events: events.map(({ at, status }) => ({ at, status })) })),
      ),
      ...(members ? { healthInsurance: records(members, nik).flatMap((record) => record.healthMemberships.map(({ card, active, statusText }) => ({ card, active, statusText }))) } : {}),
      sources: [
        { agency: 'BP2MI', state: placed.get(nik)!.status, code: null },
        { agency: 'BPJS_KETENAGAKERJAAN', state: insured.get(nik)!.status, code: null },
        { agency: 'PERWAKILAN', state: cases.get(nik)!.status, code: null },
      ],
    };
  });
  return JSON.stringify({ data: { workers } });
});
process.send!({ ready: true, url: await app.listen({ port: 0, host: '127.0.0.1' }) });
