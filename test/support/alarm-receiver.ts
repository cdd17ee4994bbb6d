/** Where alarms are posted to: an HTTPS server of the test's own, with a certificate that nobody else trusts. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority, generateKeyPair, issueCertificate } from '../../network/identity/authority.js';

export interface AlarmReceiver {
  readonly url: string;
  /** bodies, in order */
  readonly posted: readonly string[];
  close(): Promise<void>;
}

/** @param rootFile where the certificate goes that whoever posts must trust @param answers it takes connections and says nothing otherwise */
export async function alarmReceiver(rootFile: string, answers = true): Promise<AlarmReceiver> {
  const now = Date.now();
  const authority = await createAuthority('ShanghaiMSP', 'alarms', now);
  const { publicKey, privateKey } = await generateKeyPair();
  const request = { commonName: 'alarms', unit: 'peer' as const, publicKey, days: 1, now, tlsNames: ['127.0.0.1'] };
  const certificate = await issueCertificate(authority, request);
  writeFileSync(rootFile, authority.certificate);
  const posted: string[] = [];
  const server = createServer({ key: privateKey, cert: certificate }, async (asked, answer) => {
    let body = '';
    for await (const chunk of asked.setEncoding('utf8')) body += chunk;
    const right = asked.method === 'POST' && asked.url === '/alarms' && asked.headers['content-type'] === 'application/json';
    if (right) posted.push(body);
    if (answers) answer.writeHead(right ? 204 : 400).end();
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}/alarms`,
    posted,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}
