/** The README of a province's folder: how its operator joins the network. */
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
Best keep \`provinces/${province.slug}/ca\` and \`tls-ca\` on a machine that serves nobody: nodes do not need them,
issuing certificates does.

| province | orderer | peer | |
| --- | --- | --- | --- |
${table.join('\n')}

## Once on this host

1. Fabric 3.1's \`peer\`, \`orderer\`, \`osnadmin\`, \`configtxgen\` in \`${fabric}\`; this software, built by \`npm ci && npm run build\`, in \`${software}\`;
   a user \`${user}\`; the clock kept by NTP: nodes refuse what is dated five minutes off.
2. This folder as \`${folder}\`: \`cp -a . ${folder} && chown -R ${user} ${folder} && chmod 700 ${folder}\`.
3. Let the other provinces reach ports ${ports.orderer} (orderer) and ${ports.peer} (peer). Everything else listens on the loopback only.
4. \`cp systemd/*.service /etc/systemd/system/ && systemctl daemon-reload && systemctl enable --now delta-orderer delta-chaincode delta-peer\`
5. As \`${user}\` in \`${software}\`: \`FABRIC_BIN=${fabric} npm run network -- join --folder ${folder}\`. It joins the channel, installs and approves the chaincode, waits
   for the other three to do the same, and enters this province's registrar. It may be run again at any time: what is done stays done.
6. \`FABRIC_BIN=${fabric} npm run network -- status --folder ${folder}\` has to say that all runs, and the code's digest has to be the other provinces' too.
7. The API of this province takes \`${folder}/profiles/${province.slug}.json\`.

Without systemd, \`npm run network -- up --folder ${folder}\` starts the three processes and does step 5.
`;
}
