/**
 * The peer's external builder for a chaincode that runs as a service: three scripts. The package names
 * the code; where the service is and the peer's TLS key for it are the province's own and stand in
 * `connection.json` beside the peer, so that one package serves all four and holds no key.
 */
const HEAD = '#!/bin/sh\n# Written by network/definition/external-builder.ts\nset -eu\n';

export const CHAINCODE_TYPE = 'ccaas';

/** File name → script. The peer calls them with the directories that each usage line names. */
export const BUILDER_SCRIPTS: Readonly<Record<'detect' | 'build' | 'release', string>> = {
  detect: `${HEAD}# detect <source> <metadata>
grep -q '"type": *"${CHAINCODE_TYPE}"' "$2/metadata.json"
`,
  build: `${HEAD}# build <source> <metadata> <output>
cp "$1/code.json" "$3/code.json"
`,
  release: `${HEAD}# release <built> <output>
umask 077
mkdir -p "$2/chaincode/server"
cp "$(dirname "$0")/../../connection.json" "$2/chaincode/server/connection.json"
`,
};
