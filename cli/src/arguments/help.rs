//! What `--help` prints below the options.

/// For `graph-token` itself.
pub const EXIT_CODES: &str = "\
Exit codes:
  0    success
  1    the output could not be written
  2    invalid command line
  3    an argument, file, certificate, key or password cannot be used
  4    the token service could not be reached
  5    the TLS handshake failed, usually because a certificate is not trusted
  6    the proxy failed
  7    the call timed out
  8    the service rejected the request, the application or the user
  9    the user must sign in interactively
  10   the service is throttling or unavailable; try again later
  11   the response did not come from a token service
  12   the token cache cannot be used
  70   internal error, a bug in GraphToken
  130  interrupted by Ctrl+C (as reported by shells)

Environment variables, unless an option says otherwise:
  HTTPS_PROXY    the proxy (--proxy)
  NO_PROXY       hosts to connect to without the proxy (--no-proxy)
  SSL_CERT_FILE  PEM file with the only certificate authorities to trust (--ca-file)";

/// For `get`.
pub const GET_EXAMPLES: &str = "\
Example: get a token for the application, with a certificate
  graph-token get --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pfx --certificate-password-file app.password

Example: sign with a key in an HSM or smart card
  graph-token get --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --pkcs11-module /usr/lib/softhsm/libsofthsm2.so --pkcs11-uri 'pkcs11:token=app' --pkcs11-pin-file app.pin

Example: call Microsoft Graph with the token (bash)
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --client-secret-file app.secret --header |
    curl -H @- https://graph.microsoft.com/v1.0/users

Example: sign in in a web browser, as a user of an application with the redirect URI http://localhost
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --scope User.Read --interactive

Example: sign in on another device, as a user
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --scope User.Read --device-code

Example: stay signed in, and sign out
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --scope User.Read --device-code --token-cache work
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --scope Mail.Read --token-cache work \\
    --account alice@contoso.onmicrosoft.com
  graph-token cache clear --token-cache work --account alice@contoso.onmicrosoft.com

Example: share tokens between machines through Redis
  openssl rand -base64 32 > cache.key    # once; copy it to every machine
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --certificate app.pem \\
    --redis rediss://cache.contoso.com --redis-password-file redis.password --cache-key-file cache.key

The system's certificate store is CurrentUser\\My, then LocalMachine\\My on Windows. On Linux it is the folder in which
.NET keeps CurrentUser\\My (~/.dotnet/corefx/cryptography/x509stores/my).

Files with secrets contain the secret as UTF-8 text; a single trailing line break is ignored.
With --json, errors other than usage errors are printed to standard error as one JSON object, which includes the
warnings. The log of --verbose precedes it.";

/// For `serve`.
pub const SERVE_EXAMPLES: &str = "\
Example: run a program that uses an Azure SDK, with the tokens of an application
  graph-token serve --managed-identity-endpoint --tenant contoso.onmicrosoft.com --client-id ID \\
    --certificate app.pem -- python report.py

Example: the same for every program that is started from this shell (bash)
  graph-token serve --managed-identity-endpoint --tenant contoso.onmicrosoft.com --client-id ID \\
    --certificate app.pem > endpoint.sh &
  sleep 1; . ./endpoint.sh; rm endpoint.sh

The endpoint is one of App Service (IDENTITY_ENDPOINT, IDENTITY_HEADER), which ManagedIdentityCredential and
DefaultAzureCredential of the Azure SDKs find. Whoever knows the header gets tokens: no other program learns it unless
it can read the environment of COMMAND. Tokens are cached in memory and renewed before they expire.
The exit code is that of COMMAND, or 128 and the number of the signal that ended it. Without COMMAND, the endpoint ends
on SIGTERM with exit code 0.";

/// For `doctor`.
pub const DOCTOR_EXAMPLES: &str = "\
Example:
  graph-token doctor --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pfx --certificate-password-file app.password

Nothing is changed. With a credential, one token is requested and discarded.
The exit code is 0 if no check failed, otherwise the exit code of 'get' for the first failed check.";

/// For `assertion`.
pub const ASSERTION_EXAMPLES: &str = "\
Example:
  graph-token assertion --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pem --algorithm RS256";

/// For `decode`.
pub const DECODE_EXAMPLES: &str = "\
Example:
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --certificate app.pem | graph-token decode

The token is never taken as an argument, where other users of the machine could see it.";

/// For `cache clear`.
pub const CLEAR_NOTE: &str = "\
With --account, everything of the user is removed: access tokens, refresh tokens and the account. This signs the user
out on this machine only: the service is not told, tokens that were issued live on, and so does the browser's session.";

/// For `completions`.
pub const COMPLETIONS_EXAMPLES: &str = "\
Packages install the scripts. Without a package:
  bash        source <(graph-token completions bash)                    in ~/.bashrc
  zsh         graph-token completions zsh > \"${fpath[1]}/_graph-token\"
  fish        graph-token completions fish > ~/.config/fish/completions/graph-token.fish
  PowerShell  graph-token completions powershell | Out-String | Invoke-Expression    in $PROFILE";

/// For `man-pages`.
pub const MAN_PAGES_EXAMPLES: &str = "\
Packages install the pages. Without a package:
  mkdir -p ~/.local/share/man/man1
  graph-token man-pages ~/.local/share/man/man1";
