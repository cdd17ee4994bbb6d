/** What keeps a network from running, in words for its operator: what is wrong, and what to do. */
export class NetworkFault extends Error {
  override readonly name = 'NetworkFault';
}
