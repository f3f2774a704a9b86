/*
 * GraphToken: Microsoft Entra ID access tokens.
 *
 * Generated from the library's source by cbindgen; do not edit. `BLESS=1 cargo xtask test` writes it anew.
 *
 * Rules that hold for every function:
 *
 * - A function that can fail returns a gt_status number, 0 for success, and takes gt_error **error_out last, which may
 *   be NULL. On success *error_out becomes NULL; on failure an error object that the caller frees with gt_error_free.
 * - Results come through *_out parameters, which must not be NULL. They are set on success only; handles become NULL on
 *   failure.
 * - Handles may be used from any thread, by any number of threads at once. Do not free one while it is in use. Every
 *   _free function takes NULL and does nothing then.
 * - Text is UTF-8 in a GtStr, not NUL-terminated. Text that comes out belongs to the handle it was read from.
 * - No panic leaves the library: it becomes status 2.
 */

#ifndef GRAPHTOKEN_H
#define GRAPHTOKEN_H

#include <stdint.h>
/** The version of this interface; gt_version tells the library's. */
#define GT_ABI_VERSION 1

/**
 * What a signer returns when its key cannot sign with this algorithm; the engine may then ask for RS256.
 */
#define GT_SIGNER_UNSUPPORTED -1

/**
 * What a callback of a token store returns when there is no such record, or when another owner holds the lock.
 */
#define GT_TOKEN_STORE_NONE -1

/**
 * The result of a call. The numbers are permanent; a retired number is never reused.
 *
 * 0 is success; 1-99 misuse; 100-199 the caller's input; 200-299 the network; 300-399 the service; 400-499 storage.
 */
typedef enum gt_status {
    /**
     * The call succeeded.
     */
    GT_STATUS_OK = 0,
    /**
     * A required pointer is NULL.
     */
    GT_STATUS_NULL_POINTER = 1,
    /**
     * The engine panicked, which is a defect of the engine. The process and other handles are unharmed.
     */
    GT_STATUS_INTERNAL_ERROR = 2,
    /**
     * The caller cancelled the call.
     */
    GT_STATUS_CANCELLED = 3,
    /**
     * The wrapper was built for another ABI version than the library's.
     */
    GT_STATUS_NATIVE_LIBRARY_MISMATCH = 4,
    /**
     * A handle is not one of the object that the function takes, or was freed.
     */
    GT_STATUS_INVALID_HANDLE = 5,
    /**
     * An argument or option has an invalid value.
     */
    GT_STATUS_INVALID_ARGUMENT = 100,
    /**
     * The tenant or authority is not valid, or they contradict each other.
     */
    GT_STATUS_INVALID_AUTHORITY = 101,
    /**
     * No application or user credential was given.
     */
    GT_STATUS_CREDENTIAL_MISSING = 102,
    /**
     * The certificate was not found.
     */
    GT_STATUS_CERTIFICATE_NOT_FOUND = 110,
    /**
     * The certificate file is damaged or has an unknown format.
     */
    GT_STATUS_CERTIFICATE_UNREADABLE = 111,
    /**
     * The password of the certificate file or key is missing or wrong.
     */
    GT_STATUS_CERTIFICATE_PASSWORD_INCORRECT = 112,
    /**
     * The certificate has no private key.
     */
    GT_STATUS_PRIVATE_KEY_MISSING = 113,
    /**
     * The private key does not belong to the certificate.
     */
    GT_STATUS_PRIVATE_KEY_MISMATCH = 114,
    /**
     * The private key's type or size is not supported for client assertions.
     */
    GT_STATUS_PRIVATE_KEY_UNSUPPORTED = 115,
    /**
     * The private key exists, but this account may not use it.
     */
    GT_STATUS_PRIVATE_KEY_INACCESSIBLE = 116,
    /**
     * The private key failed to sign, or its signature is not valid.
     */
    GT_STATUS_SIGNING_FAILED = 117,
    /**
     * The token service could not be reached: name resolution or the connection failed, or the connection broke.
     */
    GT_STATUS_CONNECTION_FAILED = 200,
    /**
     * The TLS handshake failed, most often because the server's certificate is not trusted.
     */
    GT_STATUS_TLS_FAILED = 201,
    /**
     * The proxy refused the connection or cannot be used.
     */
    GT_STATUS_PROXY_FAILED = 202,
    /**
     * The call exceeded its time limit.
     */
    GT_STATUS_REQUEST_TIMEOUT = 203,
    /**
     * The service refused the request for a reason that no other status covers.
     */
    GT_STATUS_SERVICE_REJECTED = 300,
    /**
     * The service rejected the application's credential (`invalid_client`).
     */
    GT_STATUS_CLIENT_CREDENTIAL_REJECTED = 301,
    /**
     * The service rejected the user's credential (`invalid_grant`).
     */
    GT_STATUS_USER_CREDENTIAL_REJECTED = 302,
    /**
     * The user must sign in interactively.
     */
    GT_STATUS_INTERACTION_REQUIRED = 303,
    /**
     * The service throttles requests.
     */
    GT_STATUS_THROTTLED = 304,
    /**
     * The service is temporarily unavailable.
     */
    GT_STATUS_SERVICE_UNAVAILABLE = 305,
    /**
     * The response is not a valid token response.
     */
    GT_STATUS_MALFORMED_RESPONSE = 306,
    /**
     * The token cache file cannot be read, is damaged, or does not have the expected protection.
     */
    GT_STATUS_CACHE_UNREADABLE = 400,
    /**
     * The token cache file cannot be written or removed.
     */
    GT_STATUS_CACHE_UNWRITABLE = 401,
    /**
     * Another process kept the token cache file locked for too long.
     */
    GT_STATUS_CACHE_LOCKED = 402,
    /**
     * Nothing protects the token cache file: the user's account does not, or other users can write a folder for plain
     * text.
     */
    GT_STATUS_CACHE_PROTECTION_UNAVAILABLE = 403,
} gt_status;

/**
 * The source of a token.
 */
typedef enum gt_token_source_kind {
    /**
     * The token service issued it for this call.
     */
    GT_TOKEN_SOURCE_KIND_NETWORK = 0,
    /**
     * It was issued for another call: an earlier or a concurrent one.
     */
    GT_TOKEN_SOURCE_KIND_CACHE = 1,
} gt_token_source_kind;

/**
 * The result of a check. The numbers are permanent.
 */
typedef enum gt_finding_status {
    /**
     * There is no problem.
     */
    GT_FINDING_STATUS_PASSED = 1,
    /**
     * It works, but needs attention.
     */
    GT_FINDING_STATUS_WARNING = 2,
    /**
     * It is a reason why no token is issued.
     */
    GT_FINDING_STATUS_FAILED = 3,
    /**
     * It was not checked: it does not apply, or an earlier failure makes it pointless.
     */
    GT_FINDING_STATUS_SKIPPED = 4,
} gt_finding_status;

/**
 * The signature algorithm that a signer is asked for (RFC 7518 section 3.1).
 */
typedef enum gt_signature_algorithm {
    /**
     * RSASSA-PSS with SHA-256, MGF1 with SHA-256, and a salt of 32 bytes.
     */
    GT_SIGNATURE_ALGORITHM_PS256 = 1,
    /**
     * RSASSA-PKCS1-v1_5 with SHA-256.
     */
    GT_SIGNATURE_ALGORITHM_RS256 = 2,
} gt_signature_algorithm;

/**
 * The interface through which a program or a person uses the engine. Messages name parameters as it does.
 */
typedef enum gt_surface {
    /**
     * The functions of the C interface.
     */
    GT_SURFACE_C = 0,
    /**
     * The classes of the .NET library.
     */
    GT_SURFACE_DOTNET = 1,
    /**
     * The cmdlets.
     */
    GT_SURFACE_POWER_SHELL = 2,
    /**
     * The command `graph-token`.
     */
    GT_SURFACE_COMMAND = 3,
} gt_surface;

/**
 * The users who signed in, as they were when they were looked up. Immutable; any thread may read it. Freed with
 * `gt_accounts_free`.
 */
typedef struct gt_accounts gt_accounts;

/**
 * A signed client assertion. Immutable; any thread may read it. Freed with `gt_assertion_free`, which overwrites it.
 */
typedef struct gt_assertion gt_assertion;

/**
 * The access tokens in a cache, as they were when it was looked at. Immutable; any thread may read it. Freed with
 * `gt_cached_tokens_free`.
 */
typedef struct gt_cached_tokens gt_cached_tokens;

/**
 * A signal to end calls. It may be given to any number of calls; once signalled it stays so. Freed with
 * `gt_cancel_free`, after the calls that it was given to have returned.
 */
typedef struct gt_cancel gt_cancel;

/**
 * A certificate with its private key, or with a signer outside of the engine. Immutable; any thread may use it. What
 * is built with it keeps what it needs. Freed with `gt_certificate_free`.
 */
typedef struct gt_certificate gt_certificate;

/**
 * A search for one certificate among those that the caller finds in stores of its own, such as .NET's. Which one it
 * is, and what the error says when it is none, is the same for every store. Any thread may use it. Freed with
 * `gt_certificate_search_free`.
 *
 * Add every certificate, those of the user's own store first; tell which stores were searched; then choose.
 */
typedef struct gt_certificate_search gt_certificate_search;

/**
 * An application at an authority, with its proof and its tokens. Any thread may use it, many at once. Freed with
 * `gt_client_free`.
 */
typedef struct gt_client gt_client;

/**
 * The proof of an application. Immutable; any thread may use it. What is built with it keeps what it needs. Freed with
 * `gt_credential_free`.
 */
typedef struct gt_credential gt_credential;

/**
 * A code for a device, and the page on which its user enters it. Immutable; any thread may use it. Freed with
 * `gt_device_code_free`, also while a request with it is in use.
 */
typedef struct gt_device_code gt_device_code;

/**
 * What was found, one finding for each check. Immutable; any thread may read it. Freed with `gt_diagnosis_free`.
 */
typedef struct gt_diagnosis gt_diagnosis;

/**
 * The error of a failed call. Immutable; any thread may read it. Freed with `gt_error_free`.
 */
typedef struct gt_error gt_error;

/**
 * The header and claims of a token. Immutable; any thread may read it. Freed with `gt_jwt_free`.
 */
typedef struct gt_jwt gt_jwt;

/**
 * Settings of clients and requests. Any thread may set and use them; what is built keeps a copy. Freed with
 * `gt_options_free`.
 */
typedef struct gt_options gt_options;

/**
 * A request. Immutable; any thread may use it, with any client, as often as wished. Freed with `gt_request_free`.
 */
typedef struct gt_request gt_request;

/**
 * A sign-in in a web browser: the address that the browser opens, and the port of this machine that it brings the
 * answer to. Immutable; any thread may use it. Freed with `gt_sign_in_free`, also while a request with it is in use.
 */
typedef struct gt_sign_in gt_sign_in;

/**
 * A token. Immutable; any thread may read it. Freed with `gt_token_free`, which overwrites the token when nothing else
 * (such as the cache) holds it.
 */
typedef struct gt_token gt_token;

/**
 * A place in which processes share tokens. Any thread may use it; any number of clients may have it. Freed with
 * `gt_token_store_free`.
 */
typedef struct gt_token_store gt_token_store;

/**
 * Bytes with their length; UTF-8 where they are text. Not NUL-terminated.
 *
 * As an argument it is borrowed for the time of the call. As a result it belongs to the handle it was read from and is
 * valid until that is freed. `data` may be NULL when `len` is 0, which means "none" where that differs from "empty".
 */
typedef struct GtStr {
    /**
     * The first byte.
     */
    const uint8_t *data;
    /**
     * How many bytes there are.
     */
    uint64_t len;
} GtStr;

/**
 * Signs a SHA-256 digest.
 *
 * Gets `context`, a `gt_signature_algorithm`, the digest (32 bytes), and room for the signature with its size; puts
 * the signature's length into `signature_len`. Returns 0 on success, `GT_SIGNER_UNSUPPORTED` (-1) when the key cannot
 * do this algorithm, 3 when cancelled, 116 when this account may not use the key, anything else on failure. Called on
 * threads of the engine, perhaps on several at once. When it takes longer than the call that it signs for may, that
 * call ends with status 203, and so does every later one until it has returned.
 */
typedef int32_t (*gt_signer)(void *context,
                             int32_t algorithm,
                             const uint8_t *digest,
                             uint64_t digest_len,
                             uint8_t *signature,
                             uint64_t signature_capacity,
                             uint64_t *signature_len);

/**
 * Told once that `context` will not be used again.
 */
typedef void (*gt_signer_release)(void *context);

/**
 * Provides a client assertion for one token request.
 *
 * Gets `context`, the tenant, the client id and the token endpoint (text with a zero byte behind it, which its length
 * does not count), and room for the assertion with its size of 64 KiB; puts the assertion's length into
 * `assertion_len`. Returns 0 on success, 3 when cancelled, 102 when there is no assertion, anything else on failure.
 * White space around the assertion is ignored. Called once for each request that is sent, on threads of the engine,
 * perhaps on several at once, also for renewals in the background. When it takes longer than the call that it is for
 * may, that call ends with status 203, and so does every later one until it has returned.
 */
typedef int32_t (*gt_assertion_callback)(void *context,
                                         const uint8_t *tenant,
                                         uint64_t tenant_len,
                                         const uint8_t *client_id,
                                         uint64_t client_id_len,
                                         const uint8_t *token_endpoint,
                                         uint64_t token_endpoint_len,
                                         uint8_t *assertion,
                                         uint64_t assertion_capacity,
                                         uint64_t *assertion_len);

/**
 * Told once that `context` will not be used again.
 */
typedef void (*gt_assertion_release)(void *context);

/**
 * Reads the record under a name.
 *
 * Gets `context`, the name (ASCII text with a zero byte behind it, which `name_len` does not count), and room for the
 * record with its size. Puts the record there and its length into `record_len`, and returns 0; returns
 * `GT_TOKEN_STORE_NONE` (-1) when there is none, anything else on failure. A record that is larger than the room is
 * not put there: only its length is told, and the callback is called again with so much room, and then once more with
 * 1 MiB. No record is larger.
 */
typedef int32_t (*gt_token_store_read)(void *context,
                                       const uint8_t *name,
                                       uint64_t name_len,
                                       uint8_t *record,
                                       uint64_t record_capacity,
                                       uint64_t *record_len);

/**
 * Keeps a record under a name, in place of an older one, for so many seconds. Returns 0, or anything else on failure.
 */
typedef int32_t (*gt_token_store_write)(void *context,
                                        const uint8_t *name,
                                        uint64_t name_len,
                                        const uint8_t *record,
                                        uint64_t record_len,
                                        uint64_t lifetime_seconds);

/**
 * Removes the record under a name. Returns 0, also when there was none, or anything else on failure.
 */
typedef int32_t (*gt_token_store_remove)(void *context, const uint8_t *name, uint64_t name_len);

/**
 * Gives the lock of this name to `owner` (text like the name) for so many seconds, after which the lock is free.
 * Returns 0 when `owner` has it now, `GT_TOKEN_STORE_NONE` (-1) when another owner holds it, anything else on failure.
 * Does not wait. Must be one step for all processes.
 */
typedef int32_t (*gt_token_store_lock)(void *context,
                                       const uint8_t *name,
                                       uint64_t name_len,
                                       const uint8_t *owner,
                                       uint64_t owner_len,
                                       uint64_t lifetime_seconds);

/**
 * Gives the lock of this name back if `owner` still has it. Returns 0, or anything else on failure.
 */
typedef int32_t (*gt_token_store_unlock)(void *context,
                                         const uint8_t *name,
                                         uint64_t name_len,
                                         const uint8_t *owner,
                                         uint64_t owner_len);

/**
 * Told once that `context` will not be used again.
 */
typedef void (*gt_token_store_release)(void *context);



#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Lists the users who signed in at the authority of `client`, one account for each user: those in the file of the option
 * `cache.name`, which MSAL's libraries may have written, or without a file those in memory, where clients with the
 * option `cache` = `process` share them. A user has signed in when a token was issued for a device code, a password or a
 * refresh token. Redis and a program's own store keep no accounts: users of their clients are in memory.
 *
 * Status 400 to 403 when the file cannot be used.
 *
 * # Safety
 * `client` is a live handle or NULL, `accounts_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_client_accounts(const struct gt_client *client,
                           struct gt_accounts **accounts_out,
                           struct gt_error **error_out);

/**
 * Signs out the user with this account: a sign-in name, in any letter case, a home account id or an id in a tenant.
 *
 * Everything of the user is removed where `client` keeps accounts: the tokens for every application and tenant, the
 * refresh tokens, also those of a family of applications, id tokens and the account. That there is no such account is
 * no error. Local only: the service is not told, tokens that were issued live on, and so does the session of the user's
 * browser. Status 100 when several accounts have the name, 400 to 403 when the file cannot be read, written or locked.
 *
 * # Safety
 * `client` is a live handle or NULL, `account` is readable for its length, `error_out` points to memory for a pointer
 * or is NULL.
 */
int32_t gt_client_sign_out(const struct gt_client *client, struct GtStr account, struct gt_error **error_out);

/**
 * A token for a user who signed in earlier, without the user: the cached one, or a new one by a refresh token of the
 * user. Public clients also use the refresh token of their family of applications.
 *
 * `account` is a sign-in name, in any letter case, a home account id or an id in a tenant, as `gt_client_accounts` lists
 * them. An empty text stands for the only user who has signed in to the application and tenant of the client.
 * `gt_client_acquire` gives status 303 when the user has to sign in, so that a program tries this first and the user
 * then; 100 when several accounts have the name. Where the accounts are, see `gt_client_accounts`. `scopes` and `options`
 * as for `gt_request_new_client_credentials`; with `force_refresh`, `claims` or `challenge` the refresh token is used.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_request_new_account(struct GtStr account,
                               struct GtStr scopes,
                               const struct gt_options *options,
                               struct gt_request **request_out,
                               struct gt_error **error_out);

/**
 * How many accounts there are.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_count(const struct gt_accounts *accounts, uint64_t *count_out);

/**
 * The sign-in name of the account at `index`, from 0 on. Status 100 when there is none there.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_username(const struct gt_accounts *accounts, uint64_t index, struct GtStr *text_out);

/**
 * What identifies the user of the account at `index`, from 0 on, in every tenant: `uid.utid`, or the subject of the id
 * token where the service tells no more. Status 100 when there is none there.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_home_account_id(const struct gt_accounts *accounts, uint64_t index, struct GtStr *text_out);

/**
 * What identifies the user of the account at `index`, from 0 on, in its tenant: the claim `oid` of the id token, or
 * else `sub`. Status 100 when there is none there.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_local_account_id(const struct gt_accounts *accounts, uint64_t index, struct GtStr *text_out);

/**
 * The display name of the account at `index`, from 0 on; empty if it is unknown. Status 100 when there is none there.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_name(const struct gt_accounts *accounts, uint64_t index, struct GtStr *text_out);

/**
 * The tenant in which the user of the account at `index`, from 0 on, has signed in, as the cache names it. Status 100
 * when there is none there.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_tenant(const struct gt_accounts *accounts, uint64_t index, struct GtStr *text_out);

/**
 * The cloud or the host of the account at `index`, from 0 on, as caches name it. Status 100 when there is none there.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_environment(const struct gt_accounts *accounts, uint64_t index, struct GtStr *text_out);

/**
 * The kind of authority of the account at `index`, from 0 on: `MSSTS`, `ADFS` or `Generic`. Status 100 when there is
 * none there.
 *
 * # Safety
 * `accounts` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_accounts_authority_type(const struct gt_accounts *accounts, uint64_t index, struct GtStr *text_out);

/**
 * Frees the list. NULL is ignored.
 *
 * # Safety
 * `accounts` is a live handle that no other thread is using, or NULL.
 */
void gt_accounts_free(struct gt_accounts *accounts);

/**
 * Frees an assertion. NULL is ignored.
 *
 * # Safety
 * `assertion` is NULL, or a live handle that is no longer in use.
 */
void gt_assertion_free(struct gt_assertion *assertion);

/**
 * The signed JWT. Secret for its lifetime: it proves who the application is.
 *
 * # Safety
 * `assertion` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_assertion_text(const struct gt_assertion *assertion, struct GtStr *text_out);

/**
 * Removes the file of the cache that the option `cache.name` names, with its tokens and its locks. Without a name, or
 * if `options` is NULL, forgets the tokens that clients with the option `cache` = `process` share in this process.
 *
 * That there is no such file is no error. Files that were set aside because they were damaged stay. Status 401 or 402
 * when the file cannot be removed.
 *
 * # Safety
 * `options` is a live handle or NULL, `error_out` points to memory for a pointer or is NULL.
 */
int32_t gt_cache_clear(const struct gt_options *options, struct gt_error **error_out);

/**
 * Removes the tokens of one tenant, application or account, as `gt_cached_tokens_new` lists them, and gives the number
 * of access tokens that were removed. Without any of the three it is `gt_cache_clear`, and the number is that of the
 * listed tokens; 0 if the file cannot be read.
 *
 * Of an account its access tokens of any application and tenant, its id tokens, its refresh tokens and its entry are
 * removed. A refresh token is for every tenant: with `tenant` it is removed when nothing of its user and application
 * is left in another one. The service is not told: tokens that were issued live on, and so does the browser's session.
 * A file with nothing left is removed with its locks. Status 100 when several accounts have the name, 400 to 403 when
 * the file cannot be read, written or locked.
 *
 * # Safety
 * `options` is a live handle or NULL, texts are readable for their length, `count_out` points to memory for the value
 * or is NULL, `error_out` to memory for a pointer or is NULL.
 */
int32_t gt_cache_remove(const struct gt_options *options,
                        struct GtStr tenant,
                        struct GtStr client_id,
                        struct GtStr account,
                        uint64_t *count_out,
                        struct gt_error **error_out);

/**
 * Lists the access tokens in the file of the cache that the option `cache.name` names. Without a name, or if `options`
 * is NULL, lists those that clients with the option `cache` = `process` share in this process. A file that is not there
 * has none, and is not created.
 *
 * `tenant`, `client_id` and `account` narrow the list; an empty text stands for all. They are compared with what the
 * list shows, in any letter case: the tenant as the cache names it, and as the account the user's sign-in name. The
 * id of the account (`uid.utid`), or of the user in a tenant, is accepted in its place. Status 400 or 402 when the file
 * cannot be read.
 *
 * # Safety
 * `options` is a live handle or NULL, texts are readable for their length, `cached_tokens_out` points to memory for a
 * pointer or is NULL, `error_out` likewise.
 */
int32_t gt_cached_tokens_new(const struct gt_options *options,
                             struct GtStr tenant,
                             struct GtStr client_id,
                             struct GtStr account,
                             struct gt_cached_tokens **cached_tokens_out,
                             struct gt_error **error_out);

/**
 * How many tokens there are.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_count(const struct gt_cached_tokens *tokens, uint64_t *count_out);

/**
 * The path of the file that was looked at; empty for the memory of the process.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_file(const struct gt_cached_tokens *tokens, struct GtStr *text_out);

/**
 * The tenant of the token at `index`, from 0 on, as the cache names it. Status 100 when there
 * is none there.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_tenant(const struct gt_cached_tokens *tokens, uint64_t index, struct GtStr *text_out);

/**
 * The application of the token at `index`, from 0 on. Status 100 when there
 * is none there.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_client_id(const struct gt_cached_tokens *tokens, uint64_t index, struct GtStr *text_out);

/**
 * The cloud or the host of the token at `index`, from 0 on; empty in memory. Status 100 when there
 * is none there.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_environment(const struct gt_cached_tokens *tokens, uint64_t index, struct GtStr *text_out);

/**
 * The user's sign-in name of the token at `index`, from 0 on; empty for applications and if it is unknown. Status 100 when there
 * is none there.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_username(const struct gt_cached_tokens *tokens,
                                  uint64_t index,
                                  struct GtStr *text_out);

/**
 * The scopes of the token at `index`, from 0 on, separated by spaces. Status 100 when there
 * is none there.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_scopes(const struct gt_cached_tokens *tokens, uint64_t index, struct GtStr *text_out);

/**
 * Whether the token at `index`, from 0 on, was issued for a user: 1, or 0 for the application itself. Status 100 when
 * there is none there.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `flag_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_is_for_user(const struct gt_cached_tokens *tokens, uint64_t index, int32_t *flag_out);

/**
 * When the token at `index`, from 0 on, expires, in seconds since 1970-01-01T00:00:00Z; 0 if that is unknown. Status
 * 100 when there is none there.
 *
 * # Safety
 * `tokens` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_cached_tokens_expires_on(const struct gt_cached_tokens *tokens, uint64_t index, int64_t *seconds_out);

/**
 * Frees the list. NULL is ignored.
 *
 * # Safety
 * `tokens` is a live handle that no other thread is using, or NULL.
 */
void gt_cached_tokens_free(struct gt_cached_tokens *tokens);

/**
 * Makes a signal that has not been given.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `cancel_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_cancel_new(struct gt_cancel **cancel_out, struct gt_error **error_out);

/**
 * Gives the signal: every call that waits with this handle returns at once with status 3, `Cancelled`, and so does
 * every later one. A request that is under way ends on its own and may still fill the cache.
 *
 * # Safety
 * `cancel` is a live handle or NULL. NULL gives status 1.
 */
int32_t gt_cancel_signal(const struct gt_cancel *cancel);

/**
 * Frees a signal. NULL is ignored.
 *
 * # Safety
 * `cancel` is NULL, or a live handle that is no longer in use.
 */
void gt_cancel_free(struct gt_cancel *cancel);

/**
 * Loads a certificate with its private key from a file: PFX (PKCS #12) or PEM, recognised by content.
 *
 * `private_key_path` names a second file for the key; none when it is in the first. `password` opens the PFX or the
 * encrypted key: NULL means none, a non-NULL pointer with length 0 the empty password. A PFX without a password opens
 * with any. Statuses 110 to 116 say what is wrong with the certificate or key.
 *
 * White space, quotation marks and line breaks around a path are ignored, unless there is a file of that name. A path
 * of PowerShell's drive `Cert:`, such as `Cert:\CurrentUser\My\A1B2...`, opens that certificate of the store, as
 * `gt_certificate_new_from_store` does.
 *
 * A file may have at most 1 MiB and be a pipe, but no other device. PEM is read without its line breaks, too, and any
 * format in Base64. Each key derivation may take 1,000,000 rounds and 64 MiB, all of a file together 4,000,000 rounds.
 *
 * What is built with the certificate reads the files again before it signs when they have changed, so that a replaced
 * certificate needs no restart; files that cannot be used then leave the certificate in force that was read before.
 * This handle itself keeps showing what it read. The password is kept in memory, and overwritten with the last user's
 * end.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `certificate_out` points to memory for a pointer or
 * is NULL, `error_out` likewise.
 */
int32_t gt_certificate_new_from_file(struct GtStr certificate_path,
                                     struct GtStr private_key_path,
                                     struct GtStr password,
                                     struct gt_certificate **certificate_out,
                                     struct gt_error **error_out);

/**
 * Loads a certificate with its private key from memory: the contents of a PFX or PEM file, or these in Base64, as
 * secret stores return them.
 *
 * `private_key` is the contents of a second file; none when the key is in the first. `password` as for
 * `gt_certificate_new_from_file`. Everything is copied; overwrite your own copies.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `certificate_out` points to memory for a pointer or
 * is NULL, `error_out` likewise.
 */
int32_t gt_certificate_new_from_bytes(struct GtStr certificate,
                                      struct GtStr private_key,
                                      struct GtStr password,
                                      struct gt_certificate **certificate_out,
                                      struct gt_error **error_out);

/**
 * Takes a certificate whose key signs elsewhere: in a provider of the operating system, a smart card, a service.
 *
 * `certificate` is DER, or PEM with the leaf first and its chain behind it. `signer` is called with `context` for
 * every signature, on threads of the engine, perhaps on several at once; what it returns is verified with the
 * certificate before it is used. `release` may be NULL; otherwise it is called exactly once with `context` when the
 * engine will not call `signer` again, also when this function fails.
 *
 * # Safety
 * `certificate` is readable for its length; `signer` and `release` may be called with `context` from any thread until
 * `release` was called; `certificate_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_certificate_new_with_signer(struct GtStr certificate,
                                       gt_signer signer,
                                       void *context,
                                       gt_signer_release release,
                                       struct gt_certificate **certificate_out,
                                       struct gt_error **error_out);

/**
 * Finds a certificate with its private key in the store of the operating system, by its thumbprint or by its subject:
 * exactly one of the two is given, the other is NULL. Both are read as `gt_certificate_search_new_by_thumbprint` and
 * `gt_certificate_search_new_by_subject_name` read them.
 *
 * On Windows the stores are `CurrentUser\My`, then `LocalMachine\My`; the key signs where it is. On Linux it is the
 * folder in which .NET keeps `CurrentUser\My`. On macOS no store is read. Status 110 lists the certificates that are
 * there, 113 says that the certificate has no private key, 115 that its key cannot sign, 116 that this account may not
 * use it.
 *
 * # Safety
 * Texts are readable for their length, `certificate_out` points to memory for a pointer or is NULL, `error_out`
 * likewise.
 */
int32_t gt_certificate_new_from_store(struct GtStr thumbprint,
                                      struct GtStr subject_name,
                                      struct gt_certificate **certificate_out,
                                      struct gt_error **error_out);

/**
 * The subject as RFC 4514 text.
 *
 * # Safety
 * `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_certificate_subject(const struct gt_certificate *certificate, struct GtStr *text_out);

/**
 * The SHA-1 thumbprint in upper-case hexadecimal, as the portal shows it.
 *
 * # Safety
 * `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_certificate_thumbprint_sha1(const struct gt_certificate *certificate, struct GtStr *text_out);

/**
 * The SHA-256 thumbprint in upper-case hexadecimal.
 *
 * # Safety
 * `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_certificate_thumbprint_sha256(const struct gt_certificate *certificate, struct GtStr *text_out);

/**
 * Why the service may refuse the certificate (expired, not yet valid), as of loading; empty when there is no reason.
 *
 * # Safety
 * `certificate` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_certificate_warning(const struct gt_certificate *certificate, struct GtStr *text_out);

/**
 * From when on the certificate is valid, in seconds since 1970-01-01T00:00:00Z.
 *
 * # Safety
 * `certificate` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives
 * status 1.
 */
int32_t gt_certificate_not_before(const struct gt_certificate *certificate, int64_t *unix_seconds_out);

/**
 * Until when the certificate is valid, in seconds since 1970-01-01T00:00:00Z.
 *
 * # Safety
 * `certificate` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives
 * status 1.
 */
int32_t gt_certificate_not_after(const struct gt_certificate *certificate, int64_t *unix_seconds_out);

/**
 * The size of the RSA key in bits.
 *
 * # Safety
 * `certificate` is a live handle or NULL, `bits_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_certificate_key_bits(const struct gt_certificate *certificate, uint32_t *bits_out);

/**
 * Frees a certificate. NULL is ignored.
 *
 * # Safety
 * `certificate` is NULL, or a live handle that is no longer in use.
 */
void gt_certificate_free(struct gt_certificate *certificate);

/**
 * Starts a search for the certificate with this thumbprint: SHA-1 (40 hexadecimal digits) or SHA-256 (64), in upper or
 * lower case; spaces, colons, dashes and invisible characters do not matter. A path of PowerShell's drive `Cert:`,
 * such as `Cert:\CurrentUser\My\A1B2...`, names the store as well: then certificates of the other store do not count.
 * Anything else gives status 100. An expired certificate is found too.
 *
 * # Safety
 * `thumbprint` is readable for its length, `certificate_search_out` points to memory for a pointer or is NULL,
 * `error_out` likewise.
 */
int32_t gt_certificate_search_new_by_thumbprint(struct GtStr thumbprint,
                                                struct gt_certificate_search **certificate_search_out,
                                                struct gt_error **error_out);

/**
 * Starts a search for the newest valid certificate with this subject: the whole distinguished name as .NET, Windows,
 * OpenSSL or RFC 4514 write it, or the common name alone. Letter case, spaces and the order of the attributes do not
 * matter. An empty text gives status 100.
 *
 * # Safety
 * `subject_name` is readable for its length, `certificate_search_out` points to memory for a pointer or is NULL,
 * `error_out` likewise.
 */
int32_t gt_certificate_search_new_by_subject_name(struct GtStr subject_name,
                                                  struct gt_certificate_search **certificate_search_out,
                                                  struct gt_error **error_out);

/**
 * Adds a certificate (DER) of the store `place`, such as `CurrentUser\My`; `has_private_key` is 0 when the store has
 * no private key for it. The first that is added has the index 0, the second 1, and so on. One that is damaged is
 * counted and never chosen.
 *
 * # Safety
 * `search` is a live handle or NULL, texts are readable for their length, `error_out` points to memory for a pointer
 * or is NULL.
 */
int32_t gt_certificate_search_add(const struct gt_certificate_search *search,
                                  struct GtStr place,
                                  struct GtStr certificate,
                                  int32_t has_private_key,
                                  struct gt_error **error_out);

/**
 * Tells that the store `place` was searched, or why it could not be: `problem` is none or empty when it was.
 *
 * # Safety
 * `search` is a live handle or NULL, texts are readable for their length, `error_out` points to memory for a pointer
 * or is NULL.
 */
int32_t gt_certificate_search_searched(const struct gt_certificate_search *search,
                                       struct GtStr place,
                                       struct GtStr problem,
                                       struct gt_error **error_out);

/**
 * Gives the index of the certificate that was searched for. Otherwise the error names each place that was searched:
 * status 110 lists the certificates that are there, 113 says that the certificate is there without its private key,
 * 115 that its key is not RSA of 2048 to 8192 bits.
 *
 * # Safety
 * `search` is a live handle or NULL, `index_out` points to memory for the value or is NULL, `error_out` likewise.
 */
int32_t gt_certificate_search_choose(const struct gt_certificate_search *search,
                                     uint64_t *index_out,
                                     struct gt_error **error_out);

/**
 * Makes the error for the certificate at `index` whose private key the store does not give to this account; `reason`
 * is what the store said. Never succeeds: the status is 116, or that of a bad argument.
 *
 * # Safety
 * `search` is a live handle or NULL, `reason` is readable for its length, `error_out` points to memory for a pointer
 * or is NULL.
 */
int32_t gt_certificate_search_key_refused(const struct gt_certificate_search *search,
                                          uint64_t index,
                                          struct GtStr reason,
                                          struct gt_error **error_out);

/**
 * Frees a search. NULL is ignored.
 *
 * # Safety
 * `search` is NULL, or a live handle that is no longer in use.
 */
void gt_certificate_search_free(struct gt_certificate_search *search);

/**
 * Makes a client. Nothing is sent yet.
 *
 * `tenant` is a GUID, a domain, or a whole authority URL; it may be empty when the option `authority` is whole. What
 * was pasted around it and around `client_id` is ignored: white space, quotation marks, the braces of a GUID.
 * `credential` NULL makes a public client, which can only ask for users. `options` may be NULL. Both may be freed
 * afterwards. Status 101 when the tenant or authority cannot be used.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `client_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_client_new(struct GtStr tenant,
                      struct GtStr client_id,
                      const struct gt_credential *credential,
                      const struct gt_options *options,
                      struct gt_client **client_out,
                      struct gt_error **error_out);

/**
 * Makes a client for the managed identity of this machine: an identity that a platform of Azure gives the programs on
 * it, which need no tenant, no application and no credential. Nothing is sent yet.
 *
 * The platform tells itself by variables of the environment: Service Fabric, App Service (and Functions, Container
 * Apps, Automation), Machine Learning, Cloud Shell, Azure Arc; otherwise it is a virtual machine. The options
 * `identity.client_id`, `identity.object_id` and `identity.resource_id` choose a user-assigned identity. `options` may
 * be NULL, and may be freed afterwards.
 *
 * Acquire tokens with a request of `gt_request_new_client_credentials` for one scope that ends in `/.default`. Requests
 * never go through a proxy. Tokens are kept in memory only: the platform keeps them for all processes of the machine.
 *
 * Status 100 for variables that no platform sets, for an identity that the platform cannot choose, and for options that
 * make no sense here (`authority`, `cache.name`, `cache.redis`, a store); status 102 when variables lack of the platform
 * that `identity.source` names. When no platform answers, `gt_client_acquire` gives status 200.
 *
 * # Safety
 * `options` is a live handle or NULL, `client_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_client_new_managed_identity(const struct gt_options *options,
                                       struct gt_client **client_out,
                                       struct gt_error **error_out);

/**
 * Makes a client for the application that the environment variables describe, as the Azure SDKs read them, which needs
 * no other argument. Nothing is sent yet.
 *
 * An application: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET`, or `AZURE_CLIENT_CERTIFICATE_PATH`
 * (with `AZURE_CLIENT_CERTIFICATE_PASSWORD`, and `AZURE_CLIENT_SEND_CERTIFICATE_CHAIN` `1` or `true`). A user:
 * `AZURE_USERNAME`, `AZURE_PASSWORD` and `AZURE_CLIENT_ID`; `gt_client_warning` warns of it. `AZURE_AUTHORITY_HOST` names
 * the authority unless the option `authority` does. An empty variable counts as unset. `options` may be NULL, and may be
 * freed afterwards.
 *
 * Acquire tokens with a request of `gt_request_new_client_credentials`, for a user too.
 *
 * Status 102 when the variables describe nothing, or only a part: the message says which are set and which lack, and
 * quotes no value. Otherwise the status for what is wrong with what they say.
 *
 * # Safety
 * `options` is a live handle or NULL, `client_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_client_new_environment(const struct gt_options *options,
                                  struct gt_client **client_out,
                                  struct gt_error **error_out);

/**
 * Makes a client that uses the first of these that applies here, and keeps to it: the credential of the environment
 * variables (`gt_client_new_environment`), the workload of `AZURE_FEDERATED_TOKEN_FILE`, the managed identity of this
 * machine (`AZURE_CLIENT_ID` names a user-assigned one), the Azure CLI, the Azure Developer CLI. Nothing is sent yet.
 *
 * What is not set, does not answer, is not installed or not signed in does not apply. What applies and is refused ends
 * the call with its own error: the rest of the chain is not tried. `AZURE_TOKEN_CREDENTIALS` narrows the chain down:
 * `prod`, `dev` or the name of one credential of the Azure SDKs. Once a token is issued, `gt_client_chosen` names the link
 * and `gt_client_passed_over` says why those before it did not apply.
 *
 * `options` may be NULL, and may be freed afterwards. Tokens are kept in memory only.
 *
 * Status 100 for options that make no sense here (`authority`, `identity.client_id`, `cache.name`, `cache.redis`, a
 * store) and for a value of `AZURE_TOKEN_CREDENTIALS` that is not known. When nothing applies, `gt_client_acquire` gives
 * status 102 and a message with a line for each link.
 *
 * # Safety
 * `options` is a live handle or NULL, `client_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_client_new_chain(const struct gt_options *options,
                            struct gt_client **client_out,
                            struct gt_error **error_out);

/**
 * Makes a client for the user who is signed in to a developer tool: `az`, the Azure CLI, or `azd`, the Azure Developer
 * CLI. Nothing is run yet.
 *
 * The tool is looked for in the folders of `PATH` that are whole paths, and runs as a child process without a shell, for
 * up to 10 seconds. The option `developer_tool.tenant` chooses the tenant. `options` may be NULL, and may be freed
 * afterwards. Tokens are kept in memory only.
 *
 * Status 100 for another name and for options that make no sense here. `gt_client_acquire` gives status 102 when the
 * tool is not installed or not signed in, 303 when its user has to sign in again, 203 when it does not end, and 300
 * with its own message for any other failure.
 *
 * # Safety
 * `name` is readable for its length, `options` is a live handle or NULL, `client_out` points to memory for a pointer or
 * is NULL, `error_out` likewise.
 */
int32_t gt_client_new_developer_tool(struct GtStr name,
                                     const struct gt_options *options,
                                     struct gt_client **client_out,
                                     struct gt_error **error_out);

/**
 * Gets a token from the cache, or from the service when none there lives long enough. Waits for it.
 *
 * Callers who want the same token at the same time share one request, and a failure of it. A token whose renewal is
 * due (the service says when, or in the last tenth of its life) is given at once and renewed in the background.
 *
 * `cancel` may be NULL; otherwise it ends the wait from another thread (status 3).
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `token_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_client_acquire(const struct gt_client *client,
                          const struct gt_request *request,
                          const struct gt_cancel *cancel,
                          struct gt_token **token_out,
                          struct gt_error **error_out);

/**
 * Gets the token that is in the cache, if there is one that lives long enough; otherwise `*token_out` becomes NULL,
 * which is no failure. Never asks the service and never waits, so that an event loop may call it before it hands
 * `gt_client_acquire` to another thread. A renewal that is due is started in the background.
 *
 * # Safety
 * Handles are live or NULL, `token_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_client_cached(const struct gt_client *client,
                         const struct gt_request *request,
                         struct gt_token **token_out,
                         struct gt_error **error_out);

/**
 * Signs a fresh client assertion, as the next request would send it. Nothing is sent. Status 102 without a
 * certificate.
 *
 * `cancel` may be NULL; otherwise it ends the wait for an external signer.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `assertion_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_client_assertion(const struct gt_client *client,
                            const struct gt_cancel *cancel,
                            struct gt_assertion **assertion_out,
                            struct gt_error **error_out);

/**
 * Why the place that keeps tokens for other processes (a file, Redis, a store of the program's own) has not worked
 * since this was asked last: status 0 when it has, otherwise the status and error of the first failure (400 to 403 for
 * a file).
 *
 * Such a failure does not fail the call: the token comes from memory or from the service. But the next process finds
 * no token in the store, so report the failure.
 *
 * # Safety
 * `client` is a live handle or NULL, `error_out` points to memory for a pointer or is NULL. NULL gives status 1.
 */
int32_t gt_client_cache_failure(const struct gt_client *client, struct gt_error **error_out);

/**
 * The link of a chain that is in use: `environment`, `workload identity`, `managed identity`, `Azure CLI` or
 * `Azure Developer CLI`. Empty until the chain has issued a token, and for other clients. It stays the same for the
 * client's life.
 *
 * # Safety
 * `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_client_chosen(const struct gt_client *client, struct GtStr *text_out);

/**
 * Why the links of a chain before the one in use did not apply: `NAME: REASON`, a line for each. Empty until the chain
 * has issued a token, and for other clients.
 *
 * # Safety
 * `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_client_passed_over(const struct gt_client *client, struct GtStr *text_out);

/**
 * What the user should know about the client, in a sentence; empty if there is nothing.
 *
 * Of environment variables: that they have a user's password, that the certificate has expired, or that the token proxy
 * of Azure Kubernetes Service, which they name, is not supported. Of an application with the option `authority.region`: that
 * the region of this machine was not found when the last token was requested. Of a managed identity: that a request
 * left out claims, which platforms do not take. A chain has none before it has issued a token.
 *
 * # Safety
 * `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_client_warning(const struct gt_client *client,
                          struct GtStr *text_out);

/**
 * The address that token requests are sent to, without the query of one for a managed identity; empty for a developer
 * tool, and for a chain until it has issued a token.
 *
 * # Safety
 * `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_client_token_endpoint(const struct gt_client *client, struct GtStr *text_out);

/**
 * The tenant, as the authority has it; empty for a managed identity, whose platform knows it, and for a chain until it
 * has issued a token.
 *
 * # Safety
 * `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_client_tenant(const struct gt_client *client, struct GtStr *text_out);

/**
 * The application's id, as requests send it: without quotation marks, white space and the braces of a GUID that were
 * around it. Empty for a managed identity that was not chosen by its client id.
 *
 * # Safety
 * `client` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_client_client_id(const struct gt_client *client, struct GtStr *text_out);

/**
 * Frees a client and the tokens that it keeps. NULL is ignored.
 *
 * # Safety
 * `client` is NULL, or a live handle that is no longer in use.
 */
void gt_client_free(struct gt_client *client);

/**
 * A credential that signs a client assertion for every request. `certificate` may be freed afterwards.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_credential_new_certificate(const struct gt_certificate *certificate,
                                      struct gt_credential **credential_out,
                                      struct gt_error **error_out);

/**
 * A credential that is a client secret. The text is copied; overwrite your own copy.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_credential_new_secret(struct GtStr secret,
                                 struct gt_credential **credential_out,
                                 struct gt_error **error_out);

/**
 * A credential that is a client assertion signed elsewhere. It is sent as it is until it expires.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_credential_new_assertion(struct GtStr assertion,
                                    struct gt_credential **credential_out,
                                    struct gt_error **error_out);

/**
 * Frees a credential. NULL is ignored.
 *
 * # Safety
 * `credential` is NULL, or a live handle that is no longer in use.
 */
void gt_credential_free(struct gt_credential *credential);

/**
 * Asks the service for a code with which a user can sign in on another device (RFC 8628; "Microsoft identity platform
 * and the OAuth 2.0 device authorization grant flow").
 *
 * Show the user `gt_device_code_message`, then make a request with `gt_request_new_device_code` and pass it to
 * `gt_client_acquire`, which waits for the user. `scopes` and `options` as for `gt_request_new_client_credentials`; the
 * options `claims`, `correlation_id` and `timeout_seconds` hold for this call. `cancel` may be NULL; otherwise it ends
 * the call from another thread (status 3).
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `device_code_out` points to memory for a pointer or
 * is NULL, `error_out` likewise.
 */
int32_t gt_device_code_new(const struct gt_client *client,
                           struct GtStr scopes,
                           const struct gt_options *options,
                           const struct gt_cancel *cancel,
                           struct gt_device_code **device_code_out,
                           struct gt_error **error_out);

/**
 * What to tell the user: which page to open, and which code to enter there. One line, in the service's words and
 * language, without control characters.
 *
 * # Safety
 * `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_device_code_message(const struct gt_device_code *device_code, struct GtStr *text_out);

/**
 * The code that the user enters.
 *
 * # Safety
 * `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_device_code_user_code(const struct gt_device_code *device_code, struct GtStr *text_out);

/**
 * The page on which the user enters the code. Text of the service: see `gt_device_code_link` for an address to open or
 * to draw.
 *
 * # Safety
 * `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_device_code_verification_uri(const struct gt_device_code *device_code, struct GtStr *text_out);

/**
 * The page with the code filled in; empty when the service has none, as Entra.
 *
 * # Safety
 * `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_device_code_verification_uri_complete(const struct gt_device_code *device_code, struct GtStr *text_out);

/**
 * The address that may be shown as a link or a QR code: the page, with the code filled in when the service has such a
 * page. Empty when it is neither an https address nor one of this machine. Never open it unasked: the code must be one
 * that its user has asked for (RFC 8628 section 5.4).
 *
 * # Safety
 * `device_code` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_device_code_link(const struct gt_device_code *device_code, struct GtStr *text_out);

/**
 * How long the code is still valid, in seconds, rounded up; 0 when it has expired.
 *
 * # Safety
 * `device_code` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_device_code_expires_in(const struct gt_device_code *device_code, int64_t *seconds_out);

/**
 * How long the engine waits before each time that it asks the service, in seconds.
 *
 * # Safety
 * `device_code` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_device_code_interval(const struct gt_device_code *device_code, int64_t *seconds_out);

/**
 * Frees a device code. NULL is ignored.
 *
 * # Safety
 * `device_code` is NULL, or a live handle that is no longer in use.
 */
void gt_device_code_free(struct gt_device_code *device_code);

/**
 * A token for the user who enters a device code. Pass it to the client that the code was asked with.
 *
 * `gt_client_acquire` then waits until the user has signed in (status 0), has declined (300), or the code has expired
 * (303); the option `timeout_seconds` bounds the wait (203), and `cancel` ends it (3). After the last two the same
 * request can be passed again while the code is valid. A code gives one token. `options` may be NULL.
 *
 * # Safety
 * Handles are live or NULL, `request_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_request_new_device_code(const struct gt_device_code *device_code,
                                   const struct gt_options *options,
                                   struct gt_request **request_out,
                                   struct gt_error **error_out);

/**
 * Finds out why an application gets no token: looks at its certificate and key, the way to the service, the clock, the
 * tenant and the application, and asks for one token, which it throws away. Waits for it.
 *
 * `tenant`, `client_id` and `options` are those of `gt_client_new`; settings of requests count too. `credential` is
 * the proof of the application. Where making it failed, pass NULL for it and the error of that as `credential_error`:
 * it becomes a finding. Both NULL stand for a public client. `cancel` may be NULL; otherwise it ends the wait from
 * another thread (status 3). Whatever is wrong with the setup is no failure of this function. Everything passed may be
 * freed afterwards.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `diagnosis_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_diagnosis_new(struct GtStr tenant,
                         struct GtStr client_id,
                         const struct gt_credential *credential,
                         const struct gt_error *credential_error,
                         const struct gt_options *options,
                         const struct gt_cancel *cancel,
                         struct gt_diagnosis **diagnosis_out,
                         struct gt_error **error_out);

/**
 * Finds out whether a source that needs no application issues tokens: asks it for one, which it throws away. Waits for
 * it.
 *
 * `source` is `managed_identity` (the options choose the identity, as for `gt_client_new_managed_identity`) or `chain`
 * (`gt_client_new_chain`), whose finding says which link it uses and why those before it do not apply. The other sources
 * are named by variables and files, as `gt_diagnosis_new` does too. The checks of an application are skipped. `options`
 * and `cancel` may be NULL. Whatever is wrong is no failure of this function. Status 100 for another source.
 *
 * # Safety
 * `source` is readable for its length, handles are live or NULL, `diagnosis_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_diagnosis_new_for_source(struct GtStr source,
                                    const struct gt_options *options,
                                    const struct gt_cancel *cancel,
                                    struct gt_diagnosis **diagnosis_out,
                                    struct gt_error **error_out);

/**
 * How many findings there are.
 *
 * # Safety
 * `diagnosis` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_diagnosis_count(const struct gt_diagnosis *diagnosis, uint64_t *count_out);

/**
 * The permanent name of the check behind the finding at `index`, from 0 on. Status 100 when there is none there.
 *
 * The checks, in their order: `Certificate`, `CertificateValidity`, `Thumbprints`, `PrivateKey`, `Signature`,
 * `Authority`, `Proxy`, `Connection`, `Tls`, `Clock`, `Tenant`, `Application`, `CertificateRegistered`,
 * `ClientCredential`, `Environment`, `Workload`, `ManagedIdentity`, `DeveloperTools`, `Chain`. Later versions may add
 * some.
 *
 * # Safety
 * `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_diagnosis_check(const struct gt_diagnosis *diagnosis, uint64_t index, struct GtStr *text_out);

/**
 * The outcome of the finding at `index`, from 0 on: a `gt_finding_status`. Status 100 when there is none there.
 *
 * # Safety
 * `diagnosis` is a live handle or NULL, `status_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_diagnosis_status(const struct gt_diagnosis *diagnosis, uint64_t index, int32_t *status_out);

/**
 * What was found at `index`, from 0 on, or why nothing was looked for. Holds no secret. Status 100 when there is none
 * there.
 *
 * # Safety
 * `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_diagnosis_detail(const struct gt_diagnosis *diagnosis, uint64_t index, struct GtStr *text_out);

/**
 * What to do about the finding at `index`, from 0 on; empty when there is nothing to do. Status 100 when there is none
 * there.
 *
 * # Safety
 * `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_diagnosis_hint(const struct gt_diagnosis *diagnosis, uint64_t index, struct GtStr *text_out);

/**
 * What was found at `index` in the words of `surface`, a `gt_surface`, for programs that wrap this
 * library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
 * `gt_diagnosis_detail`.
 *
 * # Safety
 * `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_diagnosis_detail_on(const struct gt_diagnosis *diagnosis,
                               uint64_t index,
                               int32_t surface,
                               struct GtStr *text_out);

/**
 * What to do about the finding at `index` in the words of `surface`, a `gt_surface`, for programs that wrap this
 * library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
 * `gt_diagnosis_hint`.
 *
 * # Safety
 * `diagnosis` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_diagnosis_hint_on(const struct gt_diagnosis *diagnosis,
                             uint64_t index,
                             int32_t surface,
                             struct GtStr *text_out);

/**
 * Frees a diagnosis. NULL is ignored.
 *
 * # Safety
 * `diagnosis` is NULL, or a live handle that is no longer in use.
 */
void gt_diagnosis_free(struct gt_diagnosis *diagnosis);

/**
 * Makes an error of what a caller found wrong by itself, for `gt_diagnosis_new`.
 *
 * `status` is one of the numbers of `gt_status` other than 0: status 100 for any other. `message` says what went
 * wrong, `hint` what to do next; neither may hold a secret.
 *
 * # Safety
 * Texts are readable for their length, `made_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_error_new(int32_t status,
                     struct GtStr message,
                     struct GtStr hint,
                     struct gt_error **made_out,
                     struct gt_error **error_out);

/**
 * Frees an error. NULL is ignored.
 *
 * # Safety
 * `error` is NULL, or a live handle that is no longer in use.
 */
void gt_error_free(struct gt_error *error);

/**
 * The status of the error, the same number that the failed call returned; 1 when `error` is NULL, 5 when it is another
 * object.
 *
 * # Safety
 * `error` is a live handle or NULL.
 */
int32_t gt_error_status(const struct gt_error *error);

/**
 * What went wrong, root cause first. Holds no secret.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_message(const struct gt_error *error, struct GtStr *text_out);

/**
 * What to do next; empty when there is nothing to say.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_hint(const struct gt_error *error, struct GtStr *text_out);

/**
 * What went wrong in the words of `surface`, a `gt_surface`, for programs that wrap this
 * library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
 * `gt_error_message`.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_message_on(const struct gt_error *error, int32_t surface, struct GtStr *text_out);

/**
 * What to do next in the words of `surface`, a `gt_surface`, for programs that wrap this
 * library: each surface has its own names for options and arguments. Status 100 for an unknown surface. Otherwise as
 * `gt_error_hint`.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_hint_on(const struct gt_error *error, int32_t surface, struct GtStr *text_out);

/**
 * The OAuth `error` of the answer, such as `invalid_client`; empty when there is none.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_oauth_error(const struct gt_error *error, struct GtStr *text_out);

/**
 * Microsoft's `suberror` of the answer; empty when there is none.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_suberror(const struct gt_error *error, struct GtStr *text_out);

/**
 * The id that finds the request in the tenant's sign-in logs; empty when no request was answered.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_correlation_id(const struct gt_error *error, struct GtStr *text_out);

/**
 * The service's id of its answer; empty when there is none.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_trace_id(const struct gt_error *error, struct GtStr *text_out);

/**
 * The claims challenge to pass on as the option `claims`; empty when there is none.
 *
 * # Safety
 * `error` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_claims(const struct gt_error *error, struct GtStr *text_out);

/**
 * HTTP status of the answer; 0 when there was no answer.
 *
 * # Safety
 * `error` is a live handle or NULL, `http_status_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_http_status(const struct gt_error *error, int32_t *http_status_out);

/**
 * For how many seconds the service asks to wait; -1 when it does not say.
 *
 * # Safety
 * `error` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_retry_after(const struct gt_error *error, int64_t *seconds_out);

/**
 * How many AADSTS numbers the answer has.
 *
 * # Safety
 * `error` is a live handle or NULL, `count_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_service_code_count(const struct gt_error *error, uint64_t *count_out);

/**
 * The AADSTS number at `index`, most specific first. An index at or beyond the count gives status 100.
 *
 * # Safety
 * `error` is a live handle or NULL, `code_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_error_service_code(const struct gt_error *error, uint64_t index, uint32_t *code_out);

/**
 * A credential that is the token in a file, such as that of `AZURE_FEDERATED_TOKEN_FILE` in Kubernetes.
 *
 * The file is read for each token request, and links are followed. It holds one token of at most 64 KiB. An empty file
 * is read once more after 100 ms. A call ends with status 102 if the file is missing or empty, and with 100 if it
 * cannot be read, is not a regular file, or holds something else. Status 102 here if `path` is empty.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_credential_new_federated_token_file(struct GtStr path,
                                               struct gt_credential **credential_out,
                                               struct gt_error **error_out);

/**
 * A credential that is a token of GitHub Actions, which is asked for before each token request.
 *
 * `options` may be NULL; its `federation.request_url` and `federation.request_token` stand in for the variables
 * `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. A client connects to GitHub with its own options
 * (`http.proxy` and so on). Status 102 if a variable is missing: the job needs the permission `id-token: write`.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_credential_new_github_actions(const struct gt_options *options,
                                         struct gt_credential **credential_out,
                                         struct gt_error **error_out);

/**
 * A credential that is a token of Azure Pipelines for a service connection, which is asked for before each token
 * request.
 *
 * An empty `service_connection_id` stands for the variable `AZURESUBSCRIPTION_SERVICE_CONNECTION_ID`. `options` may be
 * NULL; its `federation.request_url` and `federation.request_token` stand in for the variables `SYSTEM_OIDCREQUESTURI`
 * and `SYSTEM_ACCESSTOKEN`. A client connects to Azure Pipelines with its own options. Status 102 if a variable is
 * missing: the task needs `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `credential_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_credential_new_azure_pipelines(struct GtStr service_connection_id,
                                          const struct gt_options *options,
                                          struct gt_credential **credential_out,
                                          struct gt_error **error_out);

/**
 * A credential that is what `callback` returns, which is called with `context` for each token request.
 *
 * `free` may be NULL; otherwise it is called exactly once with `context` when the engine will not call `callback`
 * again, also when this function fails. Only clients with this credential share the tokens that it obtains.
 *
 * # Safety
 * `callback` and `free` may be called with `context` from any thread until `free` was called; `credential_out` points
 * to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_credential_new_with_assertion(gt_assertion_callback callback,
                                         void *context,
                                         gt_assertion_release free,
                                         struct gt_credential **credential_out,
                                         struct gt_error **error_out);

/**
 * Takes a token apart **without verifying it**: anybody could have written what is inside.
 *
 * `text` may have white space and quotation marks around it and `Bearer ` before it, or be a token response: a JSON
 * object with the token as `access_token`. Status 100 when it is not a JWT.
 *
 * # Safety
 * `text` is readable for its length; `jwt_out` points to memory for a pointer or is NULL; `error_out` likewise.
 */
int32_t gt_jwt_new(struct GtStr text, struct gt_jwt **jwt_out, struct gt_error **error_out);

/**
 * Frees a decoded token. NULL is ignored.
 *
 * # Safety
 * `jwt` is NULL, or a live handle that is no longer in use.
 */
void gt_jwt_free(struct gt_jwt *jwt);

/**
 * The header as JSON text.
 *
 * # Safety
 * `jwt` is a live handle or NULL, `json_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_jwt_header(const struct gt_jwt *jwt, struct GtStr *json_out);

/**
 * The claims as JSON text.
 *
 * # Safety
 * `jwt` is a live handle or NULL, `json_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_jwt_claims(const struct gt_jwt *jwt, struct GtStr *json_out);

/**
 * Makes settings in which everything has its default.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `options_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_options_new(struct gt_options **options_out, struct gt_error **error_out);

/**
 * Sets an option. Status 100 for an unknown key (the hint lists the known ones) and for a value that the option does
 * not take; status 202 for a proxy of a kind that is not supported. White space, quotation marks and invisible
 * characters around a value are ignored, unless it is a secret.
 *
 * Tokens are kept outside of the process in at most one place: a file (`cache.name`), Redis (`cache.redis`), or a
 * store of the program (`gt_options_set_token_store`).
 *
 * Options of clients:
 * - `cloud`: The national cloud. It determines the sign-in host and the address of Microsoft Graph. Values: `global`,
 *   `usgov`, `usgovdod` or `china`. Default: `global`.
 * - `authority`: The authority: a base URL to which the tenant is added, or an authority URL that includes the tenant.
 *   Values: an `https` URL. Default: the sign-in host of the cloud.
 * - `authority.type`: The kind of authority: Microsoft Entra ID, AD FS, Azure AD B2C, Microsoft Entra External ID, or
 *   an issuer that OpenID Connect Discovery describes. Values: `aad`, `adfs`, `b2c`, `ciam` or `oidc`. Default: what
 *   host and path of the authority tell: `adfs` for the path `/adfs`, `b2c` for hosts below `b2clogin.com` and the
 *   path `/tfp`, `ciam` for hosts below `ciamlogin.com`, and else `aad`.
 * - `authority.region`: The region of Azure whose token service answers requests of applications. `auto` finds it when
 *   a token is requested: in the environment variable `REGION_NAME`, or else from the metadata service of the virtual
 *   machine. Values: the name of a region such as `westeurope`, or `auto`. Default: none: the authority itself
 *   answers.
 * - `assertion.algorithm`: The signature algorithm of client assertions. `auto` selects `PS256`, or `RS256` if the
 *   authority or the key does not support `PS256`. Values: `auto`, `PS256` or `RS256`. Default: `auto`.
 * - `assertion.audience`: The audience (`aud`) of client assertions. Values: a URL. Default: the token endpoint.
 * - `assertion.lifetime_seconds`: How long a client assertion is valid after it is signed. Its validity begins up to
 *   one minute earlier, to tolerate clocks that differ, unless it would then last longer than 600 seconds. Values: 1
 *   to 86400 seconds. Default: `540`.
 * - `assertion.send_chain`: Whether client assertions include the certificate and its chain (`x5c`), which subject
 *   name and issuer authentication requires. Values: `true` or `false`. Default: `false`.
 * - `http.proxy`: The HTTP proxy. An empty value connects directly and ignores the environment. User name and password
 *   are percent-encoded. Programs that read the environment by themselves put `HTTPS_PROXY=` before the address, and
 *   errors then name that variable. Values: `http://[user:password@]host[:port]` or empty. Default: the environment
 *   variable `HTTPS_PROXY`.
 * - `http.no_proxy`: The hosts that are reached without the proxy. Values: names, IP addresses and networks (CIDR),
 *   separated by commas or spaces as in `NO_PROXY`; a name includes its sub-domains. Default: the environment variable
 *   `NO_PROXY`.
 * - `http.ca_file`: A file with the certificate authorities to trust, in place of all others. An empty value trusts
 *   those of the operating system and ignores the environment. Values: the path of a PEM file, or empty. Default: the
 *   environment variable `SSL_CERT_FILE`, or else the certificate authorities of the operating system.
 * - `http.connect_timeout_seconds`: The time limit for establishing a connection, including name resolution and TLS.
 *   Values: 1 to 3600 seconds. Default: `10`.
 * - `http.timeout_seconds`: The time limit of a call, including retries, if the request sets none. Values: 1 to 86400
 *   seconds. Default: `100`.
 * - `http.retries`: How often a request is sent again after a transient failure, within the time limit. Values: 0 to
 *   10. Default: `3`.
 * - `http.product`: The name and version of the calling program, for the `User-Agent` header. Values: a name and
 *   version, such as `Contoso.Backup/1.0`. Default: none.
 * - `federation.request_url`: The address of the token service of a job, for programs that read the environment by
 *   themselves. Values: an `https` URL. Default: the environment variable `ACTIONS_ID_TOKEN_REQUEST_URL` or
 *   `SYSTEM_OIDCREQUESTURI`.
 * - `federation.request_token`: The token that this service demands. Secret. Values: text. Default: the environment
 *   variable `ACTIONS_ID_TOKEN_REQUEST_TOKEN` or `SYSTEM_ACCESSTOKEN`.
 * - `cache`: Where tokens are cached in memory: in the client, in the process for all clients with the same
 *   application and credential, or nowhere. Values: `client`, `process` or `none`. Default: `client`.
 * - `cache.name`: The name of a token cache file, which shares tokens between processes of the same user. Values: up
 *   to 100 letters, digits, `.`, `_` and `-`, without the extension of a file beside a cache (`.new`, `.lockfile`).
 *   Default: no file.
 * - `cache.folder`: The folder of the token cache file. Values: a path. Default: the user's data folder.
 * - `cache.protection`: What protects the token cache file: encryption that is bound to the user's account, or file
 *   permissions only, for which no other user may write the folder. Values: `user` or `none`. Default: `user`.
 * - `cache.key`: The key that encrypts tokens in Redis, and in the token cache file in place of the user's account.
 *   Secret. Values: 32 bytes as Base64. Default: none.
 * - `cache.redis`: The Redis server that shares tokens between machines. Requires a key. Values:
 *   `rediss://[user@]host[:port][/database]`, `redis://` or `unix://`. Default: no server.
 * - `cache.redis_password`: The password of the Redis server. Secret. Values: text. Default: none.
 * - `cache.redis_password_file`: A file with the password of the Redis server. It is read again for each connection.
 *   Values: a path. Default: none.
 * - `identity.client_id`: The client id of the user-assigned managed identity to use. Only for clients of a managed
 *   identity, and only one of the three ids. Values: a GUID. Default: the machine's own identity, or the only one.
 * - `identity.object_id`: The object (principal) id of the user-assigned managed identity to use. Values: a GUID.
 *   Default: the machine's own identity, or the only one.
 * - `identity.resource_id`: The Azure resource id of the user-assigned managed identity to use. Values: a path that
 *   begins with `/subscriptions/`. Default: the machine's own identity, or the only one.
 * - `identity.source`: The platform whose managed identity is used. Clients of a managed identity find it by the
 *   variables that it sets. Values: `auto`, `service_fabric`, `app_service`, `machine_learning`, `cloud_shell`, `arc`
 *   or `imds`. Default: `auto`.
 * - `identity.variables`: The environment variables that name a platform's endpoint and its secret, or describe a
 *   credential, for programs whose environment is not that of the process. Secret. Values: pairs `NAME=value`, each
 *   ended by U+0000. Default: the environment of the process.
 * - `developer_tool.tenant`: The tenant whose token a developer tool is asked for. Only for clients of a developer
 *   tool. Values: a GUID or a domain. Default: the tenant that the tool is signed in to.
 * - `capabilities`: What the client tells the service that it can do. `cp1`: it answers claims challenges, so that
 *   tokens live longer and APIs refuse them as soon as a critical event occurs (continuous access evaluation). Values:
 *   names with spaces between them. Default: none.
 *
 * Options of requests:
 * - `claims`: A claims request to send to the service (OpenID Connect Core section 5.5). A new token is issued, and
 *   replaces the cached one. Values: a JSON object, or empty. Default: none.
 * - `challenge`: The header `WWW-Authenticate` of an API that refuses a token for want of claims. They are sent to the
 *   service, and a new token is issued, which replaces the cached one. They take precedence over those of `claims`.
 *   Values: the header's value, up to 16 KiB. Default: none.
 * - `correlation_id`: The id by which the request can be found in the tenant's sign-in logs. Values: a GUID. Default:
 *   random.
 * - `force_refresh`: Whether to request a new token even if the cache has one. Values: `true` or `false`. Default:
 *   `false`.
 * - `minimum_lifetime_seconds`: How long a cached token must still be valid to be returned. Values: 0 to 86400
 *   seconds. Default: `300`.
 * - `timeout_seconds`: The time limit of the call, including retries. Values: 1 to 86400 seconds. Default: the time
 *   limit of the client.
 *
 * Options of sign-ins in a browser:
 * - `redirect.port`: The port of this machine that the browser brings the answer to. One that is forwarded from
 *   another machine, on which the browser runs, must be known before. Values: 1 to 65535. Default: any that is free.
 * - `redirect.host`: The name of this machine in the redirect URI, as it is registered for the application. Values:
 *   `localhost` or `127.0.0.1`. Default: that of the kind of authority: `localhost`, or `127.0.0.1` at AD FS and
 *   OpenID Connect issuers.
 * - `login_hint`: The sign-in name of the user who is expected. Values: a name such as `user@contoso.com`. Default:
 *   none.
 * - `prompt`: What the user is shown: the accounts to choose from, the fields for name and password, what the
 *   application may do, or nothing, so that the sign-in fails if the user would have to act. Values: `select_account`,
 *   `login`, `consent` or `none`. Default: the accounts, or with a login hint what the service chooses.
 *
 * # Safety
 * `options` is a live handle or NULL, texts are readable for their length, `error_out` points to memory for a pointer
 * or is NULL.
 */
int32_t gt_options_set(struct gt_options *options, struct GtStr key, struct GtStr value, struct gt_error **error_out);

/**
 * Frees settings. NULL is ignored.
 *
 * # Safety
 * `options` is NULL, or a live handle that is no longer in use.
 */
void gt_options_free(struct gt_options *options);

/**
 * Takes a certificate whose private key is on a token: an HSM or smart card with a PKCS#11 module. Not on Windows.
 *
 * `module_path` is the provider's shared library, which stays loaded until the process ends. `uri` says which token
 * and which object on it are meant (RFC 7512: `pkcs11:token=...;object=...`, with token, serial, manufacturer, model,
 * slot-id, object, id, type); empty when there is one token with one certificate. Among several certificates that have
 * their key on the token, the newest valid one is taken. `certificate` is the content of a certificate file, for a
 * token that holds the key alone; NULL when the token has it.
 *
 * `pin` is the user's PIN: NULL means none, for a token that needs none or has a keypad of its own. It is tried once,
 * at one token, and kept to log in again when the token was unplugged for a moment; once refused, it is not given
 * again. The login is one of the whole process: while a certificate of this token is alive, a further PIN for it is
 * not looked at. Signing calls of several threads take turns. A child process after a fork must load the certificate
 * anew.
 *
 * Statuses 110 to 116 say what is wrong with module, token, certificate, PIN or key; 100 that the URI is not
 * understood, or that this library was built without PKCS#11.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `certificate_out` points to memory for a pointer or
 * is NULL, `error_out` likewise. The module is code that runs in this process: load none that you do not trust.
 */
int32_t gt_certificate_new_from_pkcs11(struct GtStr module_path,
                                       struct GtStr uri,
                                       struct GtStr certificate,
                                       struct GtStr pin,
                                       struct gt_certificate **certificate_out,
                                       struct gt_error **error_out);

/**
 * A token for the application itself (client credentials grant, RFC 6749 section 4.4).
 *
 * `scopes` are separated by spaces; none stands for everything that was granted on Graph in the client's cloud.
 * `options` may be NULL.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_request_new_client_credentials(struct GtStr scopes,
                                          const struct gt_options *options,
                                          struct gt_request **request_out,
                                          struct gt_error **error_out);

/**
 * A token for a user by name and password (resource owner password credentials grant, RFC 6749 section 4.3).
 *
 * Discouraged by Microsoft: it fails as soon as multi-factor authentication is asked for. The password is copied;
 * overwrite your own copy. `scopes` and `options` as for `gt_request_new_client_credentials`.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_request_new_password(struct GtStr scopes,
                                struct GtStr username,
                                struct GtStr password,
                                const struct gt_options *options,
                                struct gt_request **request_out,
                                struct gt_error **error_out);

/**
 * A token for a user by a refresh token from an earlier answer (RFC 6749 section 6).
 *
 * The refresh token is copied. The answer may bring a new one, which then replaces it. `scopes` and `options` as for
 * `gt_request_new_client_credentials`.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_request_new_refresh_token(struct GtStr scopes,
                                     struct GtStr refresh_token,
                                     const struct gt_options *options,
                                     struct gt_request **request_out,
                                     struct gt_error **error_out);

/**
 * A token for the user whose access token `assertion` a caller has sent to this application: the on-behalf-of grant
 * (RFC 7523 section 2.1; "Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow").
 *
 * `assertion` is copied. It is an access token that was issued for this application, as it stands in the caller's
 * `Authorization` header, with or without `Bearer`; an id token and a token for another API are refused by the service.
 * The client needs a credential of the application and a tenant: that of the assertion. Tokens are cached for this
 * assertion alone, and there is no refresh token. If the service demands more of the user, the error's claims
 * (`gt_error_claims`) are for the caller. `scopes` and `options` as for `gt_request_new_client_credentials`.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `request_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_request_new_on_behalf_of(struct GtStr assertion,
                                    struct GtStr scopes,
                                    const struct gt_options *options,
                                    struct gt_request **request_out,
                                    struct gt_error **error_out);

/**
 * Frees a request. NULL is ignored.
 *
 * # Safety
 * `request` is NULL, or a live handle that is no longer in use.
 */
void gt_request_free(struct gt_request *request);

/**
 * Prepares a sign-in in a web browser (authorization code grant with PKCE, RFC 6749 section 4.1 and RFC 7636;
 * "Microsoft identity platform and OAuth 2.0 authorization code flow"), and listens on 127.0.0.1 and `::1` for its
 * answer. Nothing is sent, except for the metadata of an OpenID Connect issuer.
 *
 * Then call `gt_sign_in_open_browser`, or show the user `gt_sign_in_url`; make a request with `gt_request_new_sign_in`
 * and pass it to `gt_client_acquire`, which waits for the user. `scopes` as for `gt_request_new_client_credentials`.
 * `options` may be NULL; the options `redirect.port`, `redirect.host`, `login_hint`, `prompt`, `claims` and
 * `correlation_id` hold for this call. Status 100 if the port is in use. At Entra the application has `http://localhost`
 * registered as a redirect URI for mobile and desktop applications; the port does not count.
 *
 * # Safety
 * Handles are live or NULL, texts are readable for their length, `sign_in_out` points to memory for a pointer or is
 * NULL, `error_out` likewise.
 */
int32_t gt_sign_in_new(const struct gt_client *client,
                       struct GtStr scopes,
                       const struct gt_options *options,
                       struct gt_sign_in **sign_in_out,
                       struct gt_error **error_out);

/**
 * The address that the user's browser has to open. It holds no secret, and is of use to this sign-in only.
 *
 * # Safety
 * `sign_in` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_sign_in_url(const struct gt_sign_in *sign_in, struct GtStr *text_out);

/**
 * Where the browser brings the answer: `http://localhost:PORT`, or with `127.0.0.1` at AD FS and OpenID Connect issuers
 * and by the option `redirect.host`. The application has it registered; at Entra the port does not count.
 *
 * # Safety
 * `sign_in` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_sign_in_redirect_uri(const struct gt_sign_in *sign_in, struct GtStr *text_out);

/**
 * Opens the address in the user's web browser, without a shell: on Unix with the commands of the environment variable
 * `BROWSER` (separated by colons, with `%s` for the address or the address behind them), then `xdg-open` and in WSL
 * `wslview`, or `open` on macOS; on Windows with the program that is registered. Status 303 if there is none, and for
 * root and sessions without a display, unless `BROWSER` names one: show the user the address then.
 *
 * # Safety
 * `sign_in` is a live handle or NULL, `error_out` points to memory for a pointer or is NULL.
 */
int32_t gt_sign_in_open_browser(const struct gt_sign_in *sign_in, struct gt_error **error_out);

/**
 * Frees a sign-in, and stops listening unless a request waits for its answer. NULL is ignored.
 *
 * # Safety
 * `sign_in` is NULL, or a live handle that is no longer in use.
 */
void gt_sign_in_free(struct gt_sign_in *sign_in);

/**
 * A token for the user who signs in in the browser. Pass it to the client that the sign-in was prepared with.
 *
 * `gt_client_acquire` then waits until the user has signed in (status 0), has declined (300), or could not without
 * being shown anything (303, option `prompt`). The option `timeout_seconds` bounds the wait, by default 300 seconds
 * (203), and `cancel` ends it (3). A sign-in ends with its first request, in whatever way: the same request is then
 * answered from the cache, or with status 100. `options` may be NULL.
 *
 * # Safety
 * Handles are live or NULL, `request_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_request_new_sign_in(const struct gt_sign_in *sign_in,
                               const struct gt_options *options,
                               struct gt_request **request_out,
                               struct gt_error **error_out);

/**
 * Frees a token. NULL is ignored.
 *
 * # Safety
 * `token` is NULL, or a live handle that is no longer in use.
 */
void gt_token_free(struct gt_token *token);

/**
 * The access token. Secret: overwrite copies after use.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_access_token(const struct gt_token *token, struct GtStr *text_out);

/**
 * The refresh token; empty when there is none. Secret: overwrite copies after use.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_refresh_token(const struct gt_token *token, struct GtStr *text_out);

/**
 * The id token; empty when there is none.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_id_token(const struct gt_token *token, struct GtStr *text_out);

/**
 * The token type: `Bearer`.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_token_type(const struct gt_token *token, struct GtStr *text_out);

/**
 * The granted scopes, separated by spaces.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_scopes(const struct gt_token *token, struct GtStr *text_out);

/**
 * The user's sign-in name; empty for an application.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_username(const struct gt_token *token, struct GtStr *text_out);

/**
 * The tenant, as the authority has it.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_tenant_id(const struct gt_token *token, struct GtStr *text_out);

/**
 * The application.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_client_id(const struct gt_token *token, struct GtStr *text_out);

/**
 * The correlation id of the request that obtained the token.
 *
 * # Safety
 * `token` is a live handle or NULL, `text_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_correlation_id(const struct gt_token *token, struct GtStr *text_out);

/**
 * When the token expires, in seconds since 1970-01-01T00:00:00Z by the service's clock; 0 when the answer had no
 * lifetime. Such a token is not cached: the next call requests another one.
 *
 * This machine's clock may differ. `gt_token_expires_in` does not depend on it.
 *
 * # Safety
 * `token` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_expires_on(const struct gt_token *token, int64_t *unix_seconds_out);

/**
 * How long the token was still valid when it was acquired, in seconds, rounded up; 0 when the answer had no lifetime.
 *
 * # Safety
 * `token` is a live handle or NULL, `seconds_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_expires_in(const struct gt_token *token, int64_t *seconds_out);

/**
 * From when on the service wishes the token renewed, in seconds since 1970-01-01T00:00:00Z; 0 when it does not say.
 *
 * # Safety
 * `token` is a live handle or NULL, `unix_seconds_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_refresh_on(const struct gt_token *token, int64_t *unix_seconds_out);

/**
 * Where the token came from: a `gt_token_source_kind`.
 *
 * # Safety
 * `token` is a live handle or NULL, `source_out` points to memory for the value or is NULL. NULL gives status 1.
 */
int32_t gt_token_source(const struct gt_token *token, int32_t *source_out);

/**
 * Makes a token store of callbacks, through which any database or cache can keep tokens for several processes.
 *
 * What the callbacks see is useless to others: records are encrypted with `key` (AES-256-GCM), names are keyed hashes
 * that begin with `graphtoken:`. `key` is 32 random bytes, the same in every process; it is copied. Status 100 for any
 * other length.
 *
 * `read_record`, `write_record` and `remove_record` must not be NULL. `take_lock` and `give_lock_back` may both be
 * NULL; then several processes may ask the service for the same token at the same time. All are called with `context`
 * on threads of the engine, perhaps several at once. Each should return within a second: after that it is not waited
 * for, what it does later counts for nothing, and nothing else is called before it has returned. A store that fails or
 * is slow does not fail a call: it is left alone for a while (1 second at first, at most about a minute), and tokens
 * come from memory and from the service.
 *
 * `release` may be NULL; otherwise it is called exactly once with `context` when the engine will call nothing again,
 * also when this function fails. That is after this handle and all clients with the store are freed, and the last
 * call has returned.
 *
 * # Safety
 * The callbacks may be called with `context` from any thread until `release` was called; `key` is readable for its
 * length; `token_store_out` points to memory for a pointer or is NULL, `error_out` likewise.
 */
int32_t gt_token_store_new(void *context,
                           gt_token_store_read read_record,
                           gt_token_store_write write_record,
                           gt_token_store_remove remove_record,
                           gt_token_store_lock take_lock,
                           gt_token_store_unlock give_lock_back,
                           gt_token_store_release release,
                           struct GtStr key,
                           struct gt_token_store **token_store_out,
                           struct gt_error **error_out);

/**
 * Shares tokens through `store` in the clients that are made with these options; NULL for through none. The store may
 * be freed afterwards.
 *
 * Independent of the option `cache`, which is about this process's memory. Not together with the options `cache.name`
 * and `cache.redis`.
 *
 * # Safety
 * Handles are live or NULL, `error_out` points to memory for a pointer or is NULL.
 */
int32_t gt_options_set_token_store(struct gt_options *options,
                                   const struct gt_token_store *store,
                                   struct gt_error **error_out);

/**
 * Frees a token store; options and clients that have it keep it. NULL is ignored.
 *
 * # Safety
 * `store` is NULL, or a live handle that is no longer in use.
 */
void gt_token_store_free(struct gt_token_store *store);

/**
 * Tells the ABI version and the library's own version, such as `0.1.0`.
 *
 * A wrapper calls this first and refuses an ABI version that it was not made for. The text is valid for ever.
 *
 * # Safety
 * Both pointers are NULL or point to memory for their values. NULL gives status 1.
 */
int32_t gt_version(uint32_t *abi_version_out, struct GtStr *library_version_out);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* GRAPHTOKEN_H */
