/** The README of a province's folder: how its operator joins the network. */
import { apiSteps } from './api-steps.js';
import { type Definition, type Member, ordererAddress, peerAddress } from './definition.js';
import { INSTALLED } from './systemd-units.js';

export function joinSteps({ members }: Definition, home: Member): string {
  const { province, ports } = home;
  const { folder, software, fabric, user } = INSTALLED;
  const table = members.map(
    (member) =>
      `| ${member.province.name.en} ${member.province.name.zh} | ${ordererAddress(member)} | ${peerAddress(member)} |${member === home ? ' this folder |' : ' |'}`,
  );
  return `# ${province.name.en} ${province.name.zh}: one province's part of the network

This folder holds ${province.name.en}'s keys and nobody else's. Keep it, and every backup of it, as secret as they are.
Nodes do not need \`provinces/${province.slug}/ca\` and \`tls-ca\`, issuing certificates does. When the steps below are done, keep \`tls-ca\` on a
machine that serves nobody, and bring it back to rotate. \`ca\` stays where the signing process is, because that certifies agencies;
where no API runs it goes the same way.

| province | orderer | peer | |
| --- | --- | --- | --- |
${table.join('\n')}

## Once on this host

1. A user \`${user}\`; Fabric 3.1's \`peer\`, \`orderer\`, \`osnadmin\`, \`configtxgen\`, and \`configtxlator\`, which changing the channel needs
   (\`revoke\`, \`rotate … orderer-tls\`, \`sign-update\`), in \`${fabric}\`; this software, built by \`npm ci && npm run build\`, in \`${software}\`,
   which belongs to that user, because \`npm run\` builds there: \`chown -R ${user} ${software}\`; the clock kept by NTP: nodes refuse what is dated five minutes off.
2. This folder as \`${folder}\`: \`cp -a . ${folder} && chown -R ${user} ${folder} && chmod 700 ${folder}\`.
3. Let the other provinces reach ports ${ports.orderer} (orderer) and ${ports.peer} (peer). Everything else listens on the loopback only.
4. \`cp systemd/*.service /etc/systemd/system/ && systemctl daemon-reload && systemctl enable --now delta-orderer delta-chaincode delta-peer delta-watch\`
5. As \`${user}\` in \`${software}\`: \`FABRIC_BIN=${fabric} npm run network -- join --folder ${folder}\`. It joins the channel, installs and approves the chaincode, waits
   for the other three to do the same, and enters this province's registrar. It may be run again at any time: what is done stays done.
6. \`FABRIC_BIN=${fabric} npm run network -- status --folder ${folder}\` has to say that all runs, and the code's digest has to be the other provinces' too.
7. The API of this province takes \`${folder}/profiles/${province.slug}.json\`: see below.

Commands that stop a node refuse one that systemd runs; how it is handed over is in the software's network/runbooks/README.md, Where systemd runs the nodes.
Without systemd, \`npm run network -- up --folder ${folder}\` starts the three processes and does step 5.

${apiSteps(home)}`;
}
