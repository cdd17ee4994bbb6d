/** A server that answers each body with itself, through the API's own parser: the floor of any answer. */
import fastify from 'fastify';
import { jsonBody } from '../../api/plugins/json-body.js';

const app = fastify({ logger: false });
await app.register(jsonBody);
app.post('/v1/verify', async (request) => request.body);
const url = await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${new URL(url).port}\n`);
