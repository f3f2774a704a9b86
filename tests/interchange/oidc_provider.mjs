// An OpenID Connect issuer: oidc-provider, which nobody here wrote. Prints its address, and ends with standard input.
//
//     node oidc_provider.mjs NODE_MODULES CERTIFICATE SECRET
//
// POST /_approve?user_code=CODE signs the user alice in for the device with this code, and POST /_decline?user_code=CODE
// has her decline. In a browser she signs in and consents at once. GET /_requests tells which requests came, as METHOD PATH.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, certificate, secret] = process.argv.slice(2);
const { default: Provider, errors } = await import(pathToFileURL(join(modules, "oidc-provider/lib/index.js")));
const key = new X509Certificate(readFileSync(certificate)).publicKey.export({ format: "jwk" });
const device = "urn:ietf:params:oauth:grant-type:device_code";
const common = { redirect_uris: [], response_types: [], grant_types: [device, "refresh_token"] };

const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(address, {
  clients: [
    {
      ...common,
      client_id: "public",
      token_endpoint_auth_method: "none",
      application_type: "native",
      redirect_uris: ["http://127.0.0.1"],
      response_types: ["code"],
      grant_types: [...common.grant_types, "authorization_code"],
    },
    {
      ...common,
      client_id: "with:secret+%",
      client_secret: secret,
      token_endpoint_auth_method: "client_secret_basic",
      grant_types: [...common.grant_types, "client_credentials"],
    },
    {
      ...common,
      client_id: "with-key",
      jwks: { keys: [key] },
      token_endpoint_auth_method: "private_key_jwt",
      grant_types: ["client_credentials"],
    },
  ],
  features: { clientCredentials: { enabled: true }, deviceFlow: { enabled: true }, devInteractions: { enabled: false } },
  scopes: ["openid", "offline_access", "profile", "read"],
  claims: { profile: ["preferred_username"] },
  // As Entra's, id tokens tell the user's name by themselves.
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: `${id}@contoso.com` }) }),
  interactions: { url: (_, { uid }) => `/_interaction/${uid}` },
  rotateRefreshToken: true,
});

async function decide(userCode, isApproved) {
  const code = await provider.DeviceCode.findByUserCode(userCode.replace(/[^A-Za-z0-9]/g, ""));
  if (isApproved) {
    const grant = new provider.Grant({ accountId: "alice", clientId: code.clientId });
    grant.addOIDCScope(code.params.scope);
    const grantId = await grant.save();
    Object.assign(code, { accountId: "alice", grantId, scope: code.params.scope, authTime: Math.floor(Date.now() / 1000) });
  } else {
    Object.assign(code, { error: "access_denied", errorDescription: "the user has declined" });
  }
  await code.save();
}

async function interact(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: "alice", clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId: "alice" }, consent });
}

const requests = [];
const callback = provider.callback();
server.on("request", async (request, response) => {
  const url = new URL(request.url, address);
  if (url.pathname === "/_requests") {
    response.end(JSON.stringify(requests));
  } else if (url.pathname === "/_approve" || url.pathname === "/_decline") {
    await decide(url.searchParams.get("user_code"), url.pathname === "/_approve");
    response.end();
  } else if (url.pathname.startsWith("/_interaction/")) {
    await interact(request, response);
  } else {
    requests.push(`${request.method} ${url.pathname}`);
    callback(request, response);
  }
});
process.stdin.on("end", () => process.exit()).resume();
console.log(address);
