//! What `--help` says below the options.

/// Of the command as a whole.
pub const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    the output could not be written
  2    usage
  3    an argument, file, certificate, key or password cannot be used
  4    the token service could not be reached
  5    TLS failed, most often a certificate that is not trusted
  6    the proxy failed
  7    the time limit passed
  8    the service refused the request, the application or the user
  9    the user must sign in interactively
  10   the service is throttling or unavailable; try again later
  11   the answer is not one of a token service
  12   the token cache cannot be used
  70   a defect of GraphToken
  130  ended by Ctrl+C (as shells report it)

Environment: HTTPS_PROXY, NO_PROXY; SSL_CERT_FILE, a PEM file with the only authorities to trust.";

/// Of `get`.
pub const GET_EXAMPLES: &str = "\
Example: the application itself, with a certificate
  graph-token get --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pfx --certificate-password-file app.password

Example: with a key in an HSM or smart card
  graph-token get --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --pkcs11-module /usr/lib/softhsm/libsofthsm2.so --pkcs11-uri 'pkcs11:token=app' --pkcs11-pin-file app.pin

Example: use the token
  curl -H @- https://graph.microsoft.com/v1.0/users \\
    <<< \"Authorization: Bearer $(graph-token get --tenant contoso.onmicrosoft.com --client-id ID \\
    --client-secret-file app.secret)\"

Example: share tokens with other machines through Redis
  openssl rand -base64 32 > cache.key    # once; the same file on every machine
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --certificate app.pem \\
    --redis rediss://cache.contoso.com --redis-password-file redis.password --cache-key-file cache.key

The system's store is CurrentUser\\My, then LocalMachine\\My on Windows; on Linux it is the folder in which .NET keeps
CurrentUser\\My (~/.dotnet/corefx/cryptography/x509stores/my).

A secret file holds the secret as UTF-8 text; one line break at its end is not part of the secret.
With --json, an error (but for one of usage) is one JSON object on standard error, which holds the warnings too;
the lines of --verbose come before it.";

/// Of `doctor`.
pub const DOCTOR_EXAMPLES: &str = "\
Example:
  graph-token doctor --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pfx --certificate-password-file app.password

Nothing is changed. With a credential, one token is requested and thrown away.
The exit code is 0 when no check failed, else that of the first failed check: what 'get' would end with because of it.";

/// Of `assertion`.
pub const ASSERTION_EXAMPLES: &str = "\
Example:
  graph-token assertion --tenant contoso.onmicrosoft.com --client-id 11111111-2222-3333-4444-555555555555 \\
    --certificate app.pem --algorithm RS256";

/// Of `decode`.
pub const DECODE_EXAMPLES: &str = "\
Example:
  graph-token get --tenant contoso.onmicrosoft.com --client-id ID --certificate app.pem | graph-token decode

The token is never an argument, where other users of the machine could see it.";
