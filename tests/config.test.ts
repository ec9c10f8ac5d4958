import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig, settingDocs } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'payung-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('secrets', () => {
  const secrets = settingDocs().filter(({ secret }) => secret).map(({ name }) => name);

  it('are those of the database and of every agency', () => {
    expect(secrets).toEqual(expect.arrayContaining(['DATABASE_URL', 'AGENCY_BP2MI_PASSWORD', 'AGENCY_BPJS_KETENAGAKERJAAN_PASSWORD', 'AGENCY_BPJS_KESEHATAN_SECRET', 'AGENCY_PERWAKILAN_CLIENT_SECRET']));
    // Whatever is named like one is one.
    const named = settingDocs().map(({ name }) => name).filter((name) => /(PASSWORD|SECRET|USER_KEY|TOKEN)$/.test(name));
    expect(secrets).toEqual(expect.arrayContaining(named));
  });

  it.each(secrets)('%s can come from a file, without the line end', (name) => {
    const value = { DATABASE_URL: 'postgres://u:p@db/payung', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=from-a-file' }[name] ?? 'from-a-file';
    const config = readConfig({ [`${name}_FILE`]: file(name, `${value}\n`) });
    const read = { ...config, ...Object.fromEntries(config.agencies.flatMap(({ definition, settings }) => Object.entries(settings).map(([key, given]) => [`AGENCY_${definition.name}_${key}`, given]))) } as Record<string, unknown>;
    expect(read[name]).toEqual(name === 'OTEL_EXPORTER_OTLP_HEADERS' ? { 'x-key': 'from-a-file' } : value);
  });

  it('are in no message about what is wrong with them', () => {
    const wrong = [
      [{ DATABASE_URL: 'mysql://u:hunter2@db' }, 'DATABASE_URL: '],
      [{ DATABASE_URL_FILE: file('wrong', 'mysql://u:hunter2@db') }, 'DATABASE_URL: '],
      [{ DATABASE_URL_FILE: file('both', 'postgres://u:hunter2@db/x'), DATABASE_URL: 'postgres://u:hunter2@db/y' }, 'DATABASE_URL_FILE: set this or DATABASE_URL, not both'],
      [{ DATABASE_URL_FILE: join(folder, 'missing') }, 'DATABASE_URL_FILE: the file cannot be read (ENOENT)'],
      [{ DATABASE_URL_FILE: file('empty', '\n') }, 'DATABASE_URL_FILE: the file is empty'],
    ] as const;
    for (const [environment, message] of wrong) {
      const fault = (() => {
        try {
          readConfig(environment);
          return '';
        } catch (error) {
          return (error as Error).message;
        }
      })();
      expect(fault.startsWith(message), fault).toBe(true);
      expect(fault).not.toContain('hunter2');
    }
  });

  it('alone come from files', () => {
    expect(readConfig({ PORT_FILE: file('port', '4999') }).PORT).toBe(4000);
  });
});

describe('origins', () => {
  it('are taken as browsers write them', () => {
    expect(readConfig({ CORS_ORIGINS: 'https://desk.example.go.id, http://localhost:5173' }).CORS_ORIGINS).toEqual(['https://desk.example.go.id', 'http://localhost:5173']);
  });

  it.each(['*', 'desk.example.go.id', 'https://desk.example.go.id/', 'https://*.example.go.id/x', 'null'])('such as %s stop the start', (origin) => {
    expect(() => readConfig({ CORS_ORIGINS: origin })).toThrow(/^CORS_ORIGINS: must be origins/);
  });
});
