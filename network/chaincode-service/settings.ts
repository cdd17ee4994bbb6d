/** `service.json`: what a chaincode service is told. Paths are relative to the file's folder. */
export interface ServiceSettings {
  /** where it listens, on the loopback */
  readonly address: string;
  /** of the installed package, which it says to the peer */
  readonly packageId: string;
  /** PEM files of its TLS identity */
  readonly key: string;
  readonly certificate: string;
  /** PEM file with the certificates of the peers it lets in: these, not an authority's */
  readonly clients: string;
}
